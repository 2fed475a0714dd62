package celeriant.streams;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One reader: follows the log in one or another form, is cut off by itself or by the gateway, goes on where it was.
 * Confined to its thread.
 */
final class Reader implements Runnable {
    /** How the merged log is read. */
    enum Form {
        STREAM,
        TICKET,
        LINES,
        POLL
    }

    private static final int READ_MILLIS = 2_000;
    private static final long RETRY_MILLIS = 20;
    private static final int MESSAGES_MAX = 400;
    private static final int SLOW_MESSAGES_MAX = 20;
    private static final long SLOW_MILLIS = 100;
    private static final long AWAY_MILLIS_MAX = 3_000;

    private final Wanted wanted;
    private final int port;
    private final Credentials credentials;
    private final Ledger ledger;
    private final SplittableRandom random;
    private final Follow follow;
    private String check = "";
    private int connections;
    private volatile long events;
    private volatile Throwable fault;

    /**
     * What a reader wants.
     *
     * @param query filters, each with an ampersand in front
     * @param body the same filters as members, each with a comma in front
     * @param covers which aggregates they let through
     * @param type the one event type, or -1
     * @param slow whether it dawdles
     */
    record Wanted(
            String name,
            List<Form> forms,
            String query,
            String body,
            java.util.function.Predicate<String> covers,
            int type,
            boolean slow) {}

    Reader(Wanted wanted, int port, Credentials credentials, Ledger ledger, SplittableRandom random) {
        this.wanted = wanted;
        this.port = port;
        this.credentials = credentials;
        this.ledger = ledger;
        this.random = random;
        this.follow = new Follow(ledger, wanted.covers(), wanted.type(), credentials.byRights());
    }

    /** How many events it was shown so far. Any thread. */
    long events() {
        return events;
    }

    /** What went wrong, or null. Any thread. */
    Throwable fault() {
        return fault;
    }

    @Override
    public String toString() {
        return wanted.name() + ": " + events + " events over " + connections + " connections, " + follow.holes()
                + " stretches discarded";
    }

    @Override
    public void run() {
        try {
            while (ledger.end() == 0 || follow.cursor() < ledger.end()) {
                attempt();
                dawdle(random.nextLong(AWAY_MILLIS_MAX));
            }
            follow.finish();
        } catch (Throwable e) {
            fault = e;
        }
    }

    private void attempt() {
        connections++;
        try {
            switch (wanted.forms().get(random.nextInt(wanted.forms().size()))) {
                case STREAM -> stream(query() + check, List.of("Accept: text/event-stream"));
                case TICKET -> ticket();
                case LINES -> lines();
                case POLL -> poll();
            }
        } catch (IOException cut) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS));
        }
    }

    private String query() {
        return "/v1/" + Appender.ORG + "/events?after=" + follow.cursor() + wanted.query();
    }

    private List<String> lines(String method, String target, List<String> own) throws IOException {
        int query = target.indexOf('?');
        List<String> lines =
                new ArrayList<>(credentials.lines(method, query < 0 ? target : target.substring(0, query)));
        lines.addAll(own);
        return lines;
    }

    private boolean isFine(Wire wire) throws IOException {
        if (wire.status() == 401) {
            credentials.refused();
        } else if (wire.status() != 200 && wire.status() != 503) {
            throw new AssertionError(
                    wanted.name() + " at " + follow.cursor() + ": " + wire.status() + " " + wire.text());
        }
        return wire.status() == 200;
    }

    private void ticket() throws IOException {
        String path = "/v1/" + Appender.ORG + "/subscriptions";
        String body = "{\"after\":" + follow.cursor() + wanted.body() + "}";
        String url;
        try (Wire wire = Wire.send(port, "POST", path, lines("POST", path, List.of()), body)) {
            if (wire.status() != 201) {
                isFine(wire);
                return;
            }
            url = Scan.object(wire.text()).get("url");
        }
        stream(url, null);
    }

    /** @param own null: without credentials, as EventSource comes */
    private void stream(String target, List<String> own) throws IOException {
        List<String> lines = own == null ? List.of("Last-Event-ID: " + follow.cursor()) : lines("GET", target, own);
        try (Wire wire = Wire.get(port, target, lines, READ_MILLIS)) {
            if (own == null && wire.status() == 204 || !isFine(wire)) {
                return;
            }
            int messages = 1 + random.nextInt(wanted.slow() ? SLOW_MESSAGES_MAX : MESSAGES_MAX);
            Message message = new Message();
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (messages > 0 && wire.line(line) && !isOver()) {
                String text = line.toString(StandardCharsets.UTF_8);
                if (!text.isEmpty()) {
                    message.add(text);
                    continue;
                }
                take(message);
                message.clear();
                messages--;
                dawdle(SLOW_MILLIS);
            }
        }
    }

    private boolean isOver() {
        return ledger.end() > 0 && follow.cursor() >= ledger.end();
    }

    private void dawdle(long millis) {
        events = follow.events();
        if (wanted.slow() && ledger.end() == 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    /** The fields of one message of a stream, as they come. */
    private static final class Message {
        String event = "";
        String id = "";
        String data = "";

        void add(String line) {
            int colon = line.indexOf(": ");
            String value = line.substring(colon + 2);
            switch (colon < 0 ? "" : line.substring(0, colon)) {
                case "event" -> event = value;
                case "id" -> id = value;
                case "data" -> data += value;
                default -> {
                    // A comment.
                }
            }
        }

        void clear() {
            event = "";
            id = "";
            data = "";
        }
    }

    private void take(Message message) {
        switch (message.event) {
            case "" -> {
                if (!message.data.isEmpty()) {
                    Scan.array(message.data, this::event);
                }
                if (!message.id.isEmpty()) {
                    follow.covered(Long.parseLong(message.id));
                }
            }
            case "caught-up", "agreed" -> {
                Map<String, String> data = Scan.object(message.data);
                check = "&log=" + data.get("log") + "&check=" + data.get("position") + ":" + data.get("hash");
                follow.covered(Long.parseLong(message.id));
            }
            case "granted" -> follow.granted(Scan.object(message.data).get("aggregate"), Long.parseLong(message.id));
            case "revoked" -> follow.revoked(Scan.object(message.data).get("aggregate"), Long.parseLong(message.id));
            case "closing" -> {
                // It comes back by itself.
            }
            default -> throw new AssertionError("a message that nobody asked for: " + message.event);
        }
    }

    private void event(Map<String, String> event) {
        long version = Long.parseLong(event.get("version"));
        long position = Long.parseLong(event.get("position"));
        String aggregate = event.get("aggregate");
        switch (event.get("type")) {
            case "$trimmed" ->
                follow.discarded(
                        aggregate, Long.parseLong(Scan.object(event.get("data")).get("firstVersion")), position);
            case "$deleted" -> follow.discarded(aggregate, version, position);
            default -> {
                int n = Integer.parseInt(Scan.object(event.get("data")).get("n"));
                follow.event(aggregate, event.get("type"), version, position, n);
            }
        }
    }

    private void lines() throws IOException {
        String target = query();
        List<String> lines = lines("GET", target, List.of("Accept: application/x-ndjson"));
        try (Wire wire = Wire.get(port, target, lines, Wire.ANSWER_MILLIS)) {
            if (!isFine(wire)) {
                return;
            }
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (wire.line(line)) {
                Map<String, String> members = Scan.object(line.toString(StandardCharsets.UTF_8));
                if (members.containsKey("hash")) {
                    follow.covered(Long.parseLong(members.get("position")));
                } else {
                    event(members);
                }
            }
        }
    }

    private void poll() throws IOException {
        String target = query() + "&limit=2000&live=poll&wait=1";
        try (Wire wire = Wire.get(port, target, lines("GET", target, List.of()), Wire.ANSWER_MILLIS)) {
            if (!isFine(wire)) {
                return;
            }
            Map<String, String> page = Scan.object(wire.text());
            Scan.array(page.get("events"), this::event);
            String next = page.get("next");
            follow.covered(Long.parseLong(next.equals("null") ? page.get("position") : next));
        }
    }
}

package celeriant.document;

import celeriant.client.AggregateView;
import celeriant.client.AppendHandle;
import celeriant.client.Celeriant;
import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.SqliteBuffer;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.wire.DeviceKey;
import celeriant.wire.JsonBytes;
import celeriant.wire.JsonTree;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One person of a replay on the Java client. What it does it is told on standard input, one JSON text a line, as the
 * player in TypeScript is; it ends when that ends. Its updates were worked out beforehand, so the n-th append of its
 * client is the n-th of them, and where it stands after a crash is what its buffer says.
 */
public final class Player {
    private static final int STEPS_PER_GROUP = 1_000;
    /** Nothing waits for longer than this for a call that came just before it began to wait. */
    private static final long LOOK_AGAIN_MILLIS = 100;

    private static final String EVENT_TYPE = "updated";

    private final Path prepared;
    private final int self;
    private final AggregateId aggregate;
    private final List<Prepared> people;
    private final Celeriant client;
    private final AggregateView view;
    private int taken;
    private volatile Received received;

    private Player(Map<?, ?> start) throws Exception {
        prepared = Path.of((String) start.get("prepared"));
        self = ((Long) start.get("person")).intValue();
        aggregate = AggregateId.parse((String) start.get("aggregate"));
        people = new ArrayList<>();
        for (int person = 0; Files.exists(file(prepared, person)); person++) {
            people.add(Prepared.read(file(prepared, person)));
        }
        Path buffer = Path.of((String) start.get("buffer"));
        Files.createDirectories(buffer.getParent());
        taken = recorded(buffer);
        String url = (String) start.get("url");
        String through = start.get("through") == null ? url : (String) start.get("through");
        client = Celeriant.to(URI.create(url), (String) start.get("org"))
                .buffer(SqliteBuffer.in(buffer))
                .http(new ThroughHttp(url, through))
                .offline()
                .start();
        view = client.open(aggregate);
        client.onStatus(status -> wake());
    }

    /** Starts a player; its one argument is what the replay starts every player with, as JSON. */
    public static void main(String[] arguments) throws Exception {
        Map<?, ?> start = (Map<?, ?>) JsonTree.read(arguments[0].getBytes(StandardCharsets.UTF_8));
        Player player = new Player(start);
        player.report("ready", Map.of("client", player.client.clientId(), "recorded", player.taken));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            player.take((Map<?, ?>) JsonTree.read(line.getBytes(StandardCharsets.UTF_8)));
        }
        player.client.close();
    }

    private static Path file(Path folder, int person) {
        return folder.resolve("person-" + person);
    }

    /** How many appends the buffer has on record: each is a step, in the same order. */
    private static int recorded(Path file) {
        try (LocalBuffer buffer = SqliteBuffer.in(file)) {
            BufferContents contents = buffer.open(() -> DeviceKey.generate(new SecureRandom()));
            long settled = contents.settled() == null ? 0 : contents.settled().sequence();
            return (int) (settled + contents.pending().size());
        }
    }

    private void take(Map<?, ?> command) throws Exception {
        switch ((String) command.get("do")) {
            case "begin" -> begin((List<?>) command.get("clients"));
            case "type" -> type(((Long) command.get("steps")).intValue(), (Boolean) command.get("offline"));
            case "sync" -> sync();
            default -> throw new IllegalArgumentException("not a command: " + command);
        }
    }

    private void begin(List<?> clients) {
        received = new Received(clients.stream().map(String.class::cast).toList(), people);
        view.events(0).subscribe(received);
    }

    /** Takes steps as far as their ancestors are here; they are durable in the buffer when that is reported. */
    private void type(int steps, boolean offline) throws Exception {
        if (offline) {
            client.goOffline();
        }
        AppendHandle last = null;
        for (int i = 0; i < steps && canStep(); i++) {
            byte[] update = people.get(self).step(taken).update();
            last = client.append(Event.of(aggregate, EVENT_TYPE, EventData.binary(update)));
            taken++;
            if (i % STEPS_PER_GROUP == STEPS_PER_GROUP - 1) {
                last.awaitLocal();
            }
        }
        if (last != null && last.awaitLocal().sequence() != taken) {
            throw new IllegalStateException(
                    "step " + taken + " is sequence " + last.awaitLocal().sequence());
        }
        report("typed", Map.of());
    }

    private boolean canStep() {
        if (taken == people.get(self).count()) {
            return false;
        }
        int[] ancestors = people.get(self).step(taken).ancestors();
        for (int person = 0; person < ancestors.length; person++) {
            if (person != self && received.from(person) < ancestors[person]) {
                return false;
            }
        }
        return true;
    }

    /** Goes online, and reports when nothing is pending and there is a next step, or nothing any more. */
    private void sync() throws Exception {
        client.goOnline();
        boolean done = false;
        synchronized (received) {
            while (client.status().pending() > 0 || !canStep() && !done) {
                received.requireNoFault();
                if (client.status().rejected() > 0) {
                    throw new IllegalStateException("appends were rejected: " + client.rejected());
                }
                received.wait(LOOK_AGAIN_MILLIS);
                done = taken == people.get(self).count() && received.hasEverything();
            }
        }
        // Every update of everybody is here, byte for byte as it was prepared: what they come to is known.
        report("synced", done ? Map.of("content", Files.readString(prepared.resolve("content"))) : Map.of());
    }

    private void wake() {
        Received waiting = received;
        if (waiting != null) {
            synchronized (waiting) {
                waiting.notifyAll();
            }
        }
    }

    private void report(String what, Map<String, Object> more) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("is", what);
        report.put("taken", (long) taken);
        report.put("pending", (long) client.status().pending());
        report.putAll(more);
        System.out.println(new JsonBytes().value(report));
    }
}

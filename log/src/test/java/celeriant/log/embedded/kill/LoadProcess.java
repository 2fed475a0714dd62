package celeriant.log.embedded.kill;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.LogHead;
import celeriant.log.MergedRead;
import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.embedded.EmbeddedEventLog;
import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

/**
 * A process that appends to a log until it is killed, and says on stdout what was acknowledged, one line each, written
 * at once (a pipe takes a short line whole):
 *
 * <pre>
 * open                                                  the log is open
 * ack CLIENT NUMBER ID FIRST LAST                       an append landed, or was said to have landed before
 * head POSITION HASH                                    a head that was read
 * failed WHAT                                           an append was not settled; its client stops
 * end TAKES_APPENDS POSITION                            all clients stopped: whether appends are taken, and how far
 *                                                       the log could be read
 * </pre>
 *
 * Some clients are local-first (NUMBER is the sequence), the others conditional (NUMBER is the version that results).
 * Each begins by sending its last settled append again.
 */
public final class LoadProcess {
    static final String ORG = "acme";
    static final AggregateId SHARED = AggregateId.parse("canvas/board");

    private static final int SEQUENCED_CLIENTS = 6;
    private static final int CONDITIONAL_CLIENTS = 2;
    static final int CLIENTS = SEQUENCED_CLIENTS + CONDITIONAL_CLIENTS;
    private static final int SEGMENT_BYTES = 256 << 10;
    private static final int INDEX_CACHE_BYTES = 4 << 20;
    private static final int INDEX_FREEZE_RECORDS = 200;
    private static final int INDEX_FLUSH_BYTES = 300 << 10;
    private static final int LARGE_EVENT_BYTES = 30_000;
    private static final int KEYS = 40;
    private static final int HEAD_EVERY = 50;

    private final EventLog log;
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

    private LoadProcess(EventLog log) {
        this.log = log;
    }

    static EmbeddedConfig config() {
        return EmbeddedConfig.DEFAULT
                .withSegmentBytes(SEGMENT_BYTES)
                .withIndex(INDEX_CACHE_BYTES, INDEX_FREEZE_RECORDS, INDEX_FLUSH_BYTES);
    }

    /** @param arguments the log's folder and a seed */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        EventLog log = EmbeddedEventLog.open(Path.of(arguments[0]), config());
        LoadProcess process = new LoadProcess(log);
        process.say("open");
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments[1]));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < SEQUENCED_CLIENTS; i++) {
            ClientId client = new ClientId("seq" + i);
            SplittableRandom own = random.split();
            threads.add(Thread.ofPlatform().start(() -> process.appendInSequence(client, own)));
        }
        for (int i = 0; i < CONDITIONAL_CLIENTS; i++) {
            ClientId client = new ClientId("cond" + i);
            SplittableRandom own = random.split();
            threads.add(Thread.ofPlatform().start(() -> process.appendConditionally(client, own)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        process.say("end " + log.health().takesAppends() + " " + process.readAll());
        log.close();
    }

    private long readAll() {
        long position = 0;
        EventPage page;
        do {
            page = log.readMerged(ORG, MergedRead.after(position));
            position = page.covered();
        } while (!page.last());
        return position;
    }

    private void appendInSequence(ClientId client, SplittableRandom random) {
        ClientHead head = log.clientHead(ORG, client).orElse(new ClientHead(0, null, 0));
        long first = Math.max(1, head.sequence());
        for (long sequence = first; ; sequence++) {
            List<Event> events = new ArrayList<>();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                events.add(event(i % 2 == 0 ? SHARED : own(client), random));
            }
            Append append = Append.sequenced(id(client, sequence), sequence, events);
            After after = sequence == 1 ? null : new After(sequence - 1, id(client, sequence - 1));
            if (!settle(client, sequence, new AppendRequest(ORG, client, after, List.of(append), Caller.EMBEDDER))) {
                return;
            }
        }
    }

    private void appendConditionally(ClientId client, SplittableRandom random) {
        long version =
                log.aggregate(ORG, own(client)).map(found -> found.version()).orElse(0L);
        for (long next = Math.max(1, version); ; next++) {
            Append append = Append.online(
                    id(client, next),
                    List.of(event(own(client), random)),
                    Map.of(own(client), ExpectedVersion.of(next - 1)));
            if (!settle(client, next, new AppendRequest(ORG, client, null, List.of(append), Caller.EMBEDDER))) {
                return;
            }
        }
    }

    /** @return whether to go on */
    private boolean settle(ClientId client, long number, AppendRequest request) {
        try {
            AppendOutcome outcome = log.append(request).toCompletableFuture().get();
            if (!(outcome instanceof AppendOutcome.Settled settled)) {
                say("failed refused " + client.value() + " " + number + " " + outcome);
                return false;
            }
            switch (settled.results().getFirst()) {
                case AppendResult.Appended done ->
                    ack(client, number, done.id(), done.firstPosition(), done.lastPosition());
                case AppendResult.Duplicate done ->
                    ack(client, number, done.id(), done.firstPosition(), done.lastPosition());
                case AppendResult.Conflict conflict -> say("failed conflict " + client.value() + " " + conflict);
                case AppendResult.Rejected rejected -> say("failed rejected " + client.value() + " " + rejected);
            }
            if (number % HEAD_EVERY == 0) {
                LogHead head = log.head(ORG);
                say("head " + head.position() + " " + head.hash());
            }
            return true;
        } catch (ExecutionException e) {
            say("failed " + e.getCause().getClass().getSimpleName() + " " + client.value() + " " + number);
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void ack(ClientId client, long number, UUID id, long first, long last) {
        say("ack " + client.value() + " " + number + " " + id + " " + first + " " + last);
    }

    private void say(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Event event(AggregateId aggregate, SplittableRandom random) {
        int length = random.nextInt(50) == 0 ? LARGE_EVENT_BYTES : 20 + random.nextInt(300);
        EventData data = EventData.json(("\"" + "x".repeat(length) + "\"").getBytes(StandardCharsets.UTF_8));
        return random.nextBoolean()
                ? Event.of(aggregate, "drawn", data)
                : Event.keyed(aggregate, "set", "k" + random.nextInt(KEYS), data);
    }

    static AggregateId own(ClientId client) {
        return AggregateId.parse("plot/" + client.value());
    }

    /** The same for the same append, in any process. */
    static UUID id(ClientId client, long number) {
        return UUID.nameUUIDFromBytes((client.value() + "/" + number).getBytes(StandardCharsets.UTF_8));
    }
}

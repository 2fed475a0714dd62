package celeriant.streams;

import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.access.Principal;
import celeriant.gateway.operator.OperatorFile;
import celeriant.streams.Reader.Form;
import celeriant.streams.Reader.Wanted;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers of every kind follow a gateway that is killed again and again while it is appended to, trimmed and deleted
 * from, and while rights come and go. {@code -Dceleriant.stream.events=10000000} reads so many events in all;
 * {@code -Dceleriant.stream.kills=20} kills so often; {@code -Dceleriant.seed=7} chooses otherwise.
 */
class StreamsTest {
    private static final long EVENTS = Long.getLong("celeriant.stream.events", 100_000);
    private static final int KILLS = Integer.getInteger("celeriant.stream.kills", 2);
    private static final long SEED = Long.getLong("celeriant.seed", 1);

    /** How many readers see an event, less than on the average. */
    private static final int READERS_PER_EVENT = 5;

    private static final List<Form> STREAM = List.of(Form.STREAM);
    private static final Predicate<String> ALL = name -> true;
    private static final Predicate<String> OF_A = name -> name.startsWith("a/");
    private static final Predicate<String> TWO = List.of("a/s0", "b/s1")::contains;
    private static final List<Wanted> WANTED = List.of(
            new Wanted("everything", STREAM, "", "", ALL, -1, false),
            new Wanted("everything, slowly", STREAM, "", "", ALL, -1, true),
            new Wanted("one type of aggregate", STREAM, "&type=a", ",\"types\":[\"a\"]", OF_A, -1, false),
            new Wanted(
                    "two aggregates by ticket",
                    List.of(Form.TICKET),
                    "",
                    ",\"aggregates\":[\"a/s0\",\"b/s1\"]",
                    TWO,
                    -1,
                    false),
            new Wanted("one event type", STREAM, "&eventType=t2", ",\"eventTypes\":[\"t2\"]", ALL, 2, false),
            new Wanted("lines", List.of(Form.LINES), "", "", ALL, -1, false),
            new Wanted("one event type of the past", List.of(Form.LINES), "&eventType=t1", "", ALL, 1, true),
            new Wanted("polls", List.of(Form.POLL), "", "", ALL, -1, false),
            new Wanted("every form", List.of(Form.values()), "", "", ALL, -1, false));

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Ledger ledger = new Ledger();
    private final List<Reader> readers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile int kills;

    @Test
    @Timeout(value = 600)
    void nothingIsLeftOutRepeatedOrReordered() throws IOException, InterruptedException {
        try (GatewayRunner gateway = new GatewayRunner(folder)) {
            OperatorFile operator = new OperatorFile(gateway.data());
            String key = operator.createKey(Appender.ORG, "writer", Principal.Scope.ADMIN, StreamsTest::random);
            gateway.start();
            Device device = new Device(gateway.port());
            Appender appender = new Appender(gateway.port(), key, device.client(), ledger, random.split());
            for (Wanted wanted : WANTED) {
                follow(wanted, gateway, Credentials.key(key));
            }
            follow(new Wanted("a device's rights", STREAM, "", "", ALL, -1, false), gateway, device);
            Throwable[] fault = {null};
            Thread appending = Thread.ofPlatform().start(() -> run(appender, fault));
            killWhile(appending, gateway);
            awaitReaders();
            report(fault[0]);
        }
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private void follow(Wanted wanted, GatewayRunner gateway, Credentials credentials) {
        Reader reader = new Reader(wanted, gateway.port(), credentials, ledger, random.split());
        readers.add(reader);
        threads.add(Thread.ofPlatform().name(wanted.name()).daemon().start(reader));
    }

    private void run(Appender appender, Throwable[] fault) {
        try {
            appender.run(EVENTS / READERS_PER_EVENT, this::isEnough);
        } catch (Throwable e) {
            fault[0] = e;
        }
    }

    /** Readers that are slow are appended for until they have seen what is to be read, and each kill. */
    private boolean isEnough() {
        return kills == KILLS && read() >= EVENTS || hasFault();
    }

    private boolean hasFault() {
        return readers.stream().anyMatch(reader -> reader.fault() != null);
    }

    /** Kills it whenever another part of the events has been read. */
    private void killWhile(Thread appending, GatewayRunner gateway) throws IOException, InterruptedException {
        while (appending.isAlive()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(10)));
            if (kills < KILLS && read() > (kills + 1) * EVENTS / (KILLS + 2)) {
                gateway.kill();
                gateway.start();
                kills++;
            }
            if (hasFault()) {
                break;
            }
        }
    }

    private long read() {
        return readers.stream().mapToLong(Reader::events).sum();
    }

    private void awaitReaders() throws InterruptedException {
        for (int i = 0; i < threads.size() && !hasFault(); i++) {
            threads.get(i).join();
        }
    }

    private void report(Throwable appending) {
        StringBuilder report = new StringBuilder();
        report.append(read())
                .append(" events read, ")
                .append(kills)
                .append(" kills, seed ")
                .append(SEED);
        readers.forEach(reader -> report.append("\n  ").append(reader));
        System.out.println(report);
        for (Reader reader : readers) {
            if (reader.fault() != null) {
                throw new AssertionError("-Dceleriant.seed=" + SEED + ", " + reader, reader.fault());
            }
        }
        if (appending != null) {
            throw new AssertionError("appending, -Dceleriant.seed=" + SEED, appending);
        }
        assertTrue(read() >= EVENTS, report::toString);
        assertTrue(kills == KILLS, report::toString);
    }
}

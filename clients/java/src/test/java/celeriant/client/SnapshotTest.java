package celeriant.client;

import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.json;
import static celeriant.client.RunningGateway.text;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.buffer.SqliteBuffer;
import celeriant.client.gateway.RefusedException;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.access.Principal;
import celeriant.log.TrimRequest;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A published snapshot")
@Timeout(240)
class SnapshotTest {
    private static final AggregateId COUNTER = new AggregateId("counter", "c");

    @TempDir
    private Path folder;

    private final RunningGateway running = new RunningGateway(OrgPolicy.DEMO);

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    @DisplayName("and the events behind it are what first sync reads; then it goes on live")
    void firstSync() throws Exception {
        counter(50, 40);
        RecordingHttp network = new RecordingHttp();
        Celeriant ann = running.client(network);
        AggregateView view = ann.open(COUNTER);
        Projected<Long> sum = view.project(new FromSnapshot());
        until(() -> sum.value() == total(50));
        assertEquals(List.of("GET /v1/acme/counter/c/events?after=40&to=50&limit=1000"), reads(network));
        ann.append(added(1000)).awaitConfirmed();
        until(() -> sum.version() == 51);
        assertEquals(total(50) + 1000, sum.value());
    }

    @Test
    @DisplayName("and its tail are there after a restart offline")
    void restart() throws Exception {
        counter(50, 40);
        Path file = folder.resolve("a.db");
        for (int round = 0; round < 2; round++) {
            RecordingHttp network = new RecordingHttp();
            LocalBuffer buffer = SqliteBuffer.in(file);
            Celeriant ann = running.client(of -> of.buffer(buffer).http(network));
            Projected<Long> sum = ann.open(COUNTER).project(new FromSnapshot());
            until(() -> sum.value() == total(50));
            ann.awaitLive(SOON);
            assertEquals(round == 0 ? 1 : 0, reads(network).size());
            ann.close();
        }
        LocalBuffer buffer = SqliteBuffer.in(file);
        Celeriant offline = running.client(of -> of.buffer(buffer).offline());
        Projected<Long> sum = offline.open(COUNTER).project(new FromSnapshot());
        until(() -> sum.value() == total(50));
        offline.append(added(7)).awaitLocal();
        until(() -> sum.value() == total(50) + 7);
    }

    @Test
    @DisplayName("does not keep who wants all events from getting them from the first on")
    void allEvents() throws Exception {
        counter(50, 40);
        Celeriant ann = running.client();
        AggregateView view = ann.open(COUNTER);
        Projected<Long> sum = view.project(new FromSnapshot());
        until(() -> sum.value() == total(50));
        Projected<Long> all = view.project(new Sum());
        EventSubscriber events = new EventSubscriber();
        view.events(0).subscribe(events);
        until(() -> all.value() == total(50) && events.seen.size() == 50);
        assertEquals("1", text(events.seen.get(0).event().data()));
        assertEquals(total(50), sum.value());
    }

    @Test
    @DisplayName("is what a client begins anew with that was away while the log was trimmed")
    void trimmed() throws Exception {
        counter(10, 0);
        MemoryBuffer buffer = new MemoryBuffer();
        Celeriant before = running.client(of -> of.buffer(buffer));
        Projected<Long> first = before.open(COUNTER).project(new FromSnapshot());
        until(() -> first.value() == total(10));
        before.close();
        Celeriant writer = running.client();
        for (int n = 11; n <= 50; n++) {
            writer.append(added(n));
        }
        writer.awaitSettled(SOON);
        publish(writer, 45);
        Principal admin = Principal.backend(new ClientId("svc.admin"), Principal.Scope.ADMIN, "k1");
        running.log
                .trim(new TrimRequest(
                        "acme", admin.client(), null, COUNTER, new ExpectedVersion.Any(), 43, false, admin))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        for (LocalBuffer of : List.of(buffer, new MemoryBuffer())) {
            Celeriant after = running.client(builder -> builder.buffer(of));
            Projected<Long> sum = after.open(COUNTER).project(new FromSnapshot());
            until(() -> sum.version() == 51);
            assertEquals(total(50), sum.value());
        }
    }

    @Test
    @DisplayName("that cannot be read is set aside, and all events are read instead")
    void unreadable() throws Exception {
        counter(20, 10);
        Celeriant ann = running.client();
        AggregateView view = ann.open(COUNTER);
        Projected<Long> sum = view.project(new Broken());
        until(() -> sum.value() == total(20));
        assertEquals(Map.of(10L, "java.lang.IllegalStateException: of another application"), view.quarantined());
    }

    @Test
    @DisplayName("is not overwritten by an older one")
    void older() throws Exception {
        counter(10, 8);
        Celeriant ann = running.client();
        ExecutionException refused = assertThrows(ExecutionException.class, () -> publish(ann, 7));
        assertEquals(
                "version-conflict",
                assertInstanceOf(RefusedException.class, refused.getCause())
                        .refusal()
                        .code());
        publish(ann, 10);
    }

    @Test
    @DisplayName("is sealed, and opened by who has the key")
    void sealed() throws Exception {
        SecretKey key = EncryptionTest.key(1);
        Codec codec = A256Gcm.with(kid -> key, event -> "k1");
        Celeriant writer = running.client(of -> of.codec(codec));
        writer.append(added(1), added(2), added(3)).awaitConfirmed();
        publish(writer, 2);
        String stored =
                new String(running.log.snapshot("acme", COUNTER).orElseThrow().data());
        assertEquals(true, stored.contains("A256GCM"));
        Celeriant ann = running.client(of -> of.codec(codec));
        Projected<Long> sum = ann.open(COUNTER).project(new FromSnapshot());
        until(() -> sum.value() == total(3));
    }

    /** A counter to which 1, 2, … were added, with a snapshot at {@code at}, if that is not 0. */
    private void counter(int count, int at) throws Exception {
        Celeriant writer = running.client();
        IntStream.rangeClosed(1, count).forEach(n -> writer.append(added(n)));
        writer.awaitSettled(SOON);
        if (at > 0) {
            publish(writer, at);
        }
    }

    private static void publish(Celeriant by, int version) throws Exception {
        by.publishSnapshot(COUNTER, version, json(Long.toString(total(version))))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    private static List<String> reads(RecordingHttp network) {
        return network.asked("GET /v1/acme/counter/c/events").stream()
                .map(address -> address.replaceFirst("&log=.*&check=.*", ""))
                .toList();
    }

    private static long total(long n) {
        return n * (n + 1) / 2;
    }

    private static Event added(int number) {
        return Event.of(COUNTER, "added", json(Integer.toString(number)));
    }

    private static class Sum implements LiveProjection<Long> {
        @Override
        public Long initial() {
            return 0L;
        }

        @Override
        public Long apply(Long sum, SeenEvent event) {
            return event.event().type().startsWith("$")
                    ? sum
                    : sum + Long.parseLong(text(event.event().data()));
        }
    }

    private static final class FromSnapshot extends Sum implements SnapshotProjection<Long> {
        @Override
        public Long fromSnapshot(long version, EventData snapshot) {
            return Long.valueOf(text(snapshot));
        }
    }

    private static final class Broken extends Sum implements SnapshotProjection<Long> {
        @Override
        public Long fromSnapshot(long version, EventData snapshot) {
            throw new IllegalStateException("of another application");
        }
    }
}

package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.paint;
import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.buffer.PendingAppend;
import celeriant.client.buffer.RejectedAppend;
import celeriant.client.gateway.Credentials;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.NoAnswerException;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import celeriant.client.gateway.World;
import celeriant.model.ClientId;
import celeriant.model.RecordedEvent;
import celeriant.wire.DeviceKey;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Pushing")
class PusherTest {
    private final Object memory = new Object();
    private final FullBuffer buffer = new FullBuffer(new MemoryBuffer());
    private final Overlay overlay = new Overlay();
    private final Held network = new Held();
    private final OpenAggregates all;
    private final Outbox outbox;
    private final Core core = new Core(Runnable::run);
    private final NoSession session = new NoSession();
    private final Pusher pusher;

    PusherTest() {
        buffer.open(() -> DeviceKey.generate(new SecureRandom()));
        all = ClientParts.aggregates(memory, buffer, overlay);
        outbox = ClientParts.outbox(memory, buffer, overlay, all);
        Requests requests = new Requests(
                URI.create("http://127.0.0.1:1"),
                "acme",
                network,
                World.system(),
                new Credentials.ApiKey("cel_key_secret", null));
        pusher = new Pusher(core, requests, outbox, new Agreements(all, outbox), null, session);
    }

    @Test
    @DisplayName("drops the answer to an older push that comes after a newer one's")
    void lateAnswer() {
        UUID first = append();
        pusher.step(false, false);
        pusher.recoverLost(() -> {});
        network.answer(1, "{\"results\":[],\"head\":null}");
        pusher.step(false, false);
        network.answer(2, appended(first, 1));
        UUID second = append();
        pusher.step(false, false);
        network.answer(3, appended(second, 2));
        assertEquals(2, outbox.settled().sequence());
        network.answer(0, appended(first, 1));
        assertEquals(2, outbox.settled().sequence());
        assertEquals(4, network.asked.size());
    }

    @Test
    @DisplayName("lays on top again what the log that is no more had shown, though nothing settled was lost")
    void shownAgain() {
        all.open(BOARD);
        all.follow(Set.of(BOARD));
        UUID id = append();
        RecordedEvent read =
                new RecordedEvent(paint("k", "red").withId(new UUID(0, 1)), 1, 1, new ClientId("me"), id, 1, 0);
        all.advance(List.of(read), 1);
        assertEquals(0, overlay.entries(BOARD).size());
        pusher.recoverLost(all::distrust);
        network.answer(0, "{\"results\":[],\"head\":null}");
        assertEquals(1, overlay.entries(BOARD).size());
    }

    @Test
    @DisplayName(
            "takes no answer to later ones that comes when the earlier ones' could not be stored, nor the session go"
                    + " on")
    void laterAnswer() {
        for (int i = 0; i <= ClientLimits.PUSH_APPENDS_MAX; i++) {
            append();
        }
        List<UUID> ids =
                buffer.contents().pending().stream().map(PendingAppend::id).toList();
        buffer.beforeSettling = () -> {
            throw new BufferException.Failed("the disk is full", null);
        };
        pusher.step(false, false);
        network.answer(0, rejected(ids.subList(0, 1_000)));
        core.nextSession();
        buffer.beforeSettling = () -> {};
        network.answer(1, rejected(ids.subList(1_000, 1_001)));
        assertEquals(1_001, outbox.pendingCount());
        pusher.begin();
        pusher.step(false, false);
        network.answer(2, rejected(ids.subList(0, 1_000)));
        network.answer(3, rejected(ids.subList(1_000, 1_001)));
        assertEquals(
                ids,
                buffer.contents().rejected().stream().map(RejectedAppend::id).toList());
    }

    @Test
    @DisplayName("sends fewer at a time after no answer came: what is too long for a slow network never arrives")
    void fewer() {
        for (int i = 0; i < 4; i++) {
            append();
        }
        session.mayFail = true;
        for (int expected : List.of(4, 2, 1, 1)) {
            pusher.begin();
            pusher.step(false, false);
            assertEquals(expected, network.appendsIn(network.asked.size() - 1));
            network.asked
                    .get(network.asked.size() - 1)
                    .completeExceptionally(new NoAnswerException("no answer in time"));
        }
        List<UUID> ids =
                buffer.contents().pending().stream().map(PendingAppend::id).toList();
        pusher.begin();
        pusher.step(false, false);
        network.answer(4, appended(ids.get(0), 1));
        pusher.step(false, false);
        assertEquals(2, network.appendsIn(5));
    }

    private static String rejected(List<UUID> ids) {
        String each = "{\"id\":\"%s\",\"status\":\"rejected\",\"problem\":{\"code\":\"access-denied\",\"status\":403}}";
        String results = ids.stream().map(each::formatted).collect(Collectors.joining(","));
        return "{\"results\":[" + results + "],\"head\":null}";
    }

    private UUID append() {
        UUID id = outbox.append(List.of(paint("k", "red")), null).id();
        outbox.save();
        return id;
    }

    private static String appended(UUID id, long place) {
        return ("{\"results\":[{\"id\":\"%s\",\"status\":\"appended\",\"positions\":[%d,%d],\"versions\":{\"%s\":%d}}],"
                        + "\"head\":{\"sequence\":%d,\"id\":\"%s\",\"position\":%d}}")
                .formatted(id, place, place, BOARD, place, place, id, place);
    }

    /** A network whose answers come when the test says so. */
    private static final class Held implements Http {
        private final List<CompletableFuture<Answer>> asked = new ArrayList<>();
        private final List<Call> calls = new ArrayList<>();

        int appendsIn(int request) {
            return new String(calls.get(request).body(), StandardCharsets.UTF_8).split("\"events\":").length - 1;
        }

        void answer(int request, String json) {
            asked.get(request)
                    .complete(new Answer(
                            200, Map.of("content-type", "application/json"), json.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public CompletionStage<Answer> send(Call call) {
            calls.add(call);
            asked.add(new CompletableFuture<>());
            return asked.get(asked.size() - 1);
        }

        @Override
        public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
            throw new AssertionError("nothing is read here");
        }
    }

    private static final class NoSession implements Session {
        private boolean mayFail;

        @Override
        public void tell(SyncEvent event) {}

        @Override
        public void failed(Throwable failure) {
            if (!mayFail) {
                throw new AssertionError(failure);
            }
        }

        @Override
        public void pushingWaits(RefusedException why) {}

        @Override
        public void pushingGoesOn() {}

        @Override
        public void notice(Notice notice) {}

        @Override
        public void identityChanges() {}

        @Override
        public void logDiverged() {}

        @Override
        public void heardOf(long position) {}
    }
}

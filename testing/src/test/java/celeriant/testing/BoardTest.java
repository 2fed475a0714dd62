package celeriant.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.AggregateView;
import celeriant.client.AppendHandle;
import celeriant.client.SyncState;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application's test, as the extension's users write it. */
@CeleriantTest(org = "drawing")
@Timeout(240)
@DisplayName("A board in an application's test")
class BoardTest {
    private static final AggregateId BOARD = AggregateId.parse("canvas/board-1");
    private static final Duration SOON = Duration.ofSeconds(60);

    @Test
    @DisplayName("is drawn on offline, and others see it when the network is back")
    void offline(TestGateway gateway, TestDevice ann, TestDevice ben) throws Exception {
        AggregateView bens = ben.client().open(BOARD);
        ben.client().awaitLive(SOON);
        ann.network().cut();
        ann.client().append(painted("3,4", "red")).awaitLocal();
        assertEquals("\"red\"", ann.client().open(BOARD).register("3,4").text());
        assertEquals(List.of(), gateway.recorded(BOARD));
        ann.network().restore();
        ann.client().networkIsBack();
        ann.client().awaitSettled(SOON);
        CompletableFuture<Void> seen = new CompletableFuture<>();
        Predicate<AggregateView> isRed = view -> view.register("3,4") != null;
        bens.onChange(keys -> {
            if (isRed.test(bens)) {
                seen.complete(null);
            }
        });
        if (!isRed.test(bens)) {
            seen.get(60, TimeUnit.SECONDS);
        }
        assertEquals("\"red\"", bens.register("3,4").text());
    }

    @Test
    @DisplayName("holds an append once though its answer was lost twice")
    void lostAnswers(TestGateway gateway, TestDevice ann) throws Exception {
        ann.network().loseAnswers(2);
        ann.client().append(painted("1,1", "blue")).awaitConfirmed();
        assertEquals(1, gateway.recorded(BOARD).size());
    }

    @Test
    @DisplayName("keeps what was drawn while the application restarts and the gateway is down")
    void restarts(TestGateway gateway, TestDevice ann) throws Exception {
        gateway.stop();
        ann.client().append(painted("1,1", "blue")).awaitLocal();
        ann.restart();
        assertEquals(1, ann.client().status().pending());
        gateway.start();
        ann.client().networkIsBack();
        ann.client().awaitSettled(SOON);
        assertEquals(1, gateway.recorded(BOARD).size());
    }

    @Test
    @DisplayName("keeps everything while the device is refused, and sends it when it is let in")
    void refused(TestGateway gateway, TestDevice ann) throws Exception {
        ann.network().refuse(403, "access-denied");
        AppendHandle handle = ann.client().append(painted("1,1", "blue"));
        CompletableFuture<Void> told = new CompletableFuture<>();
        ann.client().onStatus(status -> {
            if (status.state() == SyncState.NEEDS_AUTH) {
                told.complete(null);
            }
        });
        ann.client().goOffline();
        ann.client().goOnline();
        told.get(60, TimeUnit.SECONDS);
        assertEquals(0, ann.client().status().rejected());
        ann.network().restore();
        ann.client().authorized();
        handle.awaitConfirmed();
        assertEquals(1, gateway.recorded(BOARD).size());
    }

    @Test
    @DisplayName("works over a slow network")
    void slow(TestGateway gateway, TestDevice ann) throws Exception {
        ann.network().delay(Duration.ofMillis(200));
        ann.client().append(painted("1,1", "blue")).awaitConfirmed();
        assertTrue(gateway.url().toString().startsWith("http://127.0.0.1:"));
        assertEquals("drawing", gateway.org());
    }

    private static Event painted(String key, String color) {
        byte[] json = ("\"" + color + "\"").getBytes(StandardCharsets.UTF_8);
        return Event.keyed(BOARD, "cell-painted", key, EventData.json(json));
    }
}

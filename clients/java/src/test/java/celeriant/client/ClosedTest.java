package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.paint;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.MemoryBuffer;
import celeriant.model.RecordedEvent;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A client that is closed")
@Timeout(240)
class ClosedTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(8);

    private final MemoryBuffer buffer = new MemoryBuffer();
    private final Celeriant client = Celeriant.to(URI.create("http://127.0.0.1:1"), "acme")
            .buffer(buffer)
            .offline()
            .start();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    @DisplayName("keeps all that it had taken, however much, and says so")
    void keepsAll() throws Exception {
        List<AppendHandle> handles = new ArrayList<>();
        for (int i = 0; i < 2 * ClientLimits.SAVED_TOGETHER_MAX + 5; i++) {
            handles.add(client.append(paint("k", "red")));
        }
        client.close();
        for (AppendHandle handle : handles) {
            handle.local().toCompletableFuture().get(1, TimeUnit.SECONDS);
        }
        assertEquals(handles.size(), buffer.contents().pending().size());
    }

    @Test
    @DisplayName("lets nobody wait for ever for what will not come")
    void nobodyWaits() throws Exception {
        AppendHandle handle = client.append(paint("k", "red"));
        CompletionStage<Void> settled = client.whenSettled();
        client.close();
        assertClosed(handle.confirmed());
        assertClosed(settled);
        assertClosed(client.whenSettled());
        assertClosed(client.whenLive());
        assertEquals(1, handle.awaitLocal().sequence());
    }

    @Test
    @DisplayName("ends those who read its events")
    void endsEvents() throws Exception {
        EventSubscriber reader = new EventSubscriber();
        client.open(BOARD).events(0).subscribe(reader);
        client.close();
        reader.over.get(5, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("says to who subscribes late that there is nothing more, and says hello first")
    void lateSubscriber() throws Exception {
        Flow.Publisher<RecordedEvent> events = client.open(BOARD).events(0);
        client.close();
        EventSubscriber late = new EventSubscriber();
        events.subscribe(late);
        late.over.get(5, TimeUnit.SECONDS);
        assertTrue(late.isGreeted, "before the end");
    }

    @Test
    @DisplayName("takes nothing more, and hangs on nothing that is asked of it")
    void asked() {
        AggregateView view = client.open(BOARD);
        client.close();
        assertTimeoutPreemptively(AT_ONCE, () -> {
            assertThrows(IllegalStateException.class, () -> client.append(paint("k", "red")));
            assertThrows(IllegalStateException.class, () -> client.open(BOARD));
            assertThrows(IllegalStateException.class, client::committed);
            assertDoesNotThrow(view::close);
            assertDoesNotThrow(client::goOnline);
            assertDoesNotThrow(client::close);
        });
    }

    @Test
    @DisplayName("can be closed by whom it tells something")
    void closedByAListener() throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        client.onStatus(status -> {
            client.close();
            closed.complete(null);
        });
        client.append(paint("k", "red"));
        closed.get(AT_ONCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void assertClosed(CompletionStage<?> stage) {
        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> stage.toCompletableFuture().get(5, TimeUnit.SECONDS));
        assertInstanceOf(IllegalStateException.class, failure.getCause());
    }
}

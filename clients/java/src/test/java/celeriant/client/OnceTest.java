package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.paint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.buffer.Refusal;
import celeriant.client.buffer.RejectedAppend;
import celeriant.client.buffer.Settlement;
import celeriant.model.After;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A client does once what is done once")
@Timeout(240)
class OnceTest {
    private final MemoryBuffer inner = new MemoryBuffer();
    private final FullBuffer buffer = new FullBuffer(inner);
    private Celeriant client = start();

    private Celeriant start() {
        return Celeriant.to(URI.create("http://127.0.0.1:1"), "acme")
                .buffer(buffer)
                .offline()
                .start();
    }

    @AfterEach
    void close() {
        client.close();
    }

    /** The client has one rejected append. */
    private UUID rejected() {
        UUID id = client.append(paint("k", "red")).id();
        client.close();
        RejectedAppend rejected = new RejectedAppend(
                1, id, List.of(paint("k", "red")), new Refusal("access-denied", 403, "no", Map.of()), 0, 0);
        inner.settle(new Settlement(inner.contents().clientId(), new After(1, id), List.of(), List.of(rejected)));
        client = start();
        return id;
    }

    @Test
    @DisplayName("a rejected append is retried by the first who asks")
    void retriedOnce() throws Exception {
        UUID id = rejected();
        buffer.appending = new CountDownLatch(1);
        AppendHandle first = client.retryRejected(id);
        assertThrows(IllegalArgumentException.class, () -> client.retryRejected(id));
        buffer.appending.countDown();
        first.awaitLocal();
        assertThrows(IllegalArgumentException.class, () -> client.retryRejected(id));
        assertEquals(1, inner.contents().pending().size());
    }

    @Test
    @DisplayName("a rejected append that is discarded while its retry is on its way is not appended, and that is told")
    void discardedBeforeRetry() throws Exception {
        UUID id = rejected();
        buffer.appending = new CountDownLatch(1);
        AppendHandle retried = client.retryRejected(id);
        AppendHandle other = client.append(paint("k", "blue"));
        client.discardRejected(id);
        buffer.appending.countDown();
        ExecutionException told = assertThrows(
                ExecutionException.class,
                () -> retried.local().toCompletableFuture().get(10, TimeUnit.SECONDS));
        assertTrue(told.getCause() instanceof IllegalArgumentException, () -> told.toString());
        other.awaitLocal();
        assertThrows(IllegalArgumentException.class, () -> client.discardRejected(id));
        assertEquals(1, inner.contents().pending().size());
        assertEquals(1, client.status().pending());
    }

    @Test
    @DisplayName("what was stored counts as stored, though the store broke before it said so")
    void storedAllTheSame() throws Exception {
        buffer.breaksBehind = true;
        assertEquals(1, client.append(paint("k", "red")).awaitLocal().sequence());
        assertEquals(2, client.append(paint("k", "blue")).awaitLocal().sequence());
        assertEquals(2, client.status().pending());
    }

    @Test
    @DisplayName("a listener that fails keeps nobody else from being told")
    void listenersFail() throws Exception {
        client.onStatus(status -> {
            throw new IllegalStateException("a mistake of the application");
        });
        CompletionStage<Void> settled = client.whenSettled();
        settled.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("nor does one of a projection")
    void projectionsListenersFail() throws Exception {
        Projected<Integer> count = client.open(BOARD).project(new LiveProjection<>() {
            @Override
            public Integer initial() {
                return 0;
            }

            @Override
            public Integer apply(Integer state, SeenEvent event) {
                return state + 1;
            }
        });
        count.onChange(() -> {
            throw new IllegalStateException("a mistake of the application");
        });
        CompletableFuture<Void> told = new CompletableFuture<>();
        count.onChange(() -> told.complete(null));
        client.append(paint("k", "red"));
        told.get(60, TimeUnit.SECONDS);
    }
}

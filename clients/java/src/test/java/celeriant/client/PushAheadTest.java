package celeriant.client;

import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.gateway.access.OrgPolicy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("While an answer is being stored, the next appends")
@Timeout(240)
class PushAheadTest {
    private static final int PUSHES = 3;
    private static final int APPENDS = PUSHES * ClientLimits.PUSH_APPENDS_MAX;

    private final RunningGateway running = new RunningGateway(OrgPolicy.DEMO);
    private final FaultyHttp network = new FaultyHttp();
    private final FullBuffer buffer = new FullBuffer(new MemoryBuffer());
    private final Celeriant client =
            running.client(of -> of.buffer(buffer).http(network).offline());

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    @DisplayName("are on their way")
    void onTheirWay() throws Exception {
        append();
        AtomicInteger settled = new AtomicInteger();
        buffer.beforeSettling = () -> {
            int next = Math.min(PUSHES, settled.incrementAndGet() + 1);
            until(() -> network.pushes() == next);
        };
        client.goOnline();
        client.awaitSettled(SOON);
        assertEquals(PUSHES, network.pushes());
        assertEquals(APPENDS, ownEvents());
    }

    @Test
    @DisplayName("are sent again with those whose answer could not be stored, and land once")
    void sentAgain() throws Exception {
        append();
        AtomicInteger failures = new AtomicInteger(2);
        buffer.beforeSettling = () -> {
            if (failures.getAndDecrement() > 0) {
                throw new BufferException.Failed("the disk is full", null);
            }
        };
        client.goOnline();
        client.awaitSettled(SOON);
        assertEquals(APPENDS, ownEvents());
        assertEquals(0, client.rejected().size());
    }

    private void append() throws Exception {
        AppendHandle last = null;
        for (int i = 0; i < APPENDS; i++) {
            last = client.append(paint("k" + i % 10, "red"));
        }
        last.awaitLocal();
    }

    private long ownEvents() {
        return running.recorded().stream()
                .filter(recorded -> recorded.event().aggregate().equals(RunningGateway.BOARD))
                .count();
    }
}

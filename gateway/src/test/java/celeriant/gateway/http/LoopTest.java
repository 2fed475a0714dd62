package celeriant.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long work gives way to what a loop reads and writes; what belongs to one round stays in it. */
@Timeout(240)
class LoopTest {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Loop loop = new Loop(group.next(), 0);
    private final List<String> order = new CopyOnWriteArrayList<>();
    private final CountDownLatch done = new CountDownLatch(1);

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void whatIsLaterComesAfterTheWholeRound() throws InterruptedException {
        loop.run(() -> {
            loop.later(() -> {
                order.add("later");
                done.countDown();
            });
            loop.soon(() -> {
                order.add("soon");
                loop.soon(() -> order.add("soon after"));
            });
        });
        assertTrue(done.await(60, TimeUnit.SECONDS));
        assertEquals(List.of("soon", "soon after", "later"), order);
    }

    @Test
    void anErrorDoesNotEndWhatComesAgainAndAgain() throws InterruptedException {
        loop.every(1, () -> {
            if (order.isEmpty()) {
                order.add("failed");
                throw new StackOverflowError("planted");
            }
            done.countDown();
        });
        assertTrue(done.await(10, TimeUnit.SECONDS));
    }

    @Test
    void slicesGiveWay() throws InterruptedException {
        List<Integer> all = IntStream.range(0, 300).boxed().toList();
        loop.run(() -> {
            Slices.of(loop, all, each -> {
                order.add("each");
                if (each == all.getLast()) {
                    done.countDown();
                }
            });
            loop.soon(() -> order.add("other"));
        });
        assertTrue(done.await(60, TimeUnit.SECONDS));
        assertEquals(301, order.size());
        assertTrue(order.indexOf("other") < order.lastIndexOf("each"));
    }
}

package celeriant.log.embedded;

import celeriant.log.embedded.commit.ThreadEnd;
import celeriant.log.embedded.index.Warmup;
import celeriant.log.embedded.system.NativeHeap;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the thread of what is read into memory behind the start, one after the other. */
final class WarmupRunner {
    private static final Logger LOG = LoggerFactory.getLogger(WarmupRunner.class);

    private final Thread thread;
    private volatile boolean stopped;

    WarmupRunner(List<Supplier<Warmup>> warmups) {
        this.thread = Thread.ofPlatform()
                .name("celeriant-warmup")
                .priority(Thread.MIN_PRIORITY)
                .daemon()
                .unstarted(() -> {
                    warmups.forEach(this::run);
                    // What reading took was taken once, and would count as the process's for ever.
                    NativeHeap.giveBack();
                });
    }

    void start() {
        thread.start();
    }

    private void run(Supplier<Warmup> next) {
        if (stopped) {
            return;
        }
        try (Warmup warmup = next.get()) {
            boolean more = true;
            while (more && !stopped) {
                more = warmup.step();
            }
        } catch (RuntimeException | Error e) {
            LOG.info("the index was not read to its end, appends look up more: {}", e.toString());
        }
    }

    /** Waits until the thread has ended; what is not done is left. */
    void stop() {
        stopped = true;
        join();
    }

    /** Waits until everything is done. */
    void join() {
        ThreadEnd.await(thread);
    }
}

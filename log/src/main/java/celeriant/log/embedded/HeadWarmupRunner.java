package celeriant.log.embedded;

import celeriant.log.embedded.commit.ThreadEnd;
import celeriant.log.embedded.index.HeadWarmup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the thread of a {@link HeadWarmup}. */
final class HeadWarmupRunner {
    private static final Logger LOG = LoggerFactory.getLogger(HeadWarmupRunner.class);

    private final Engine engine;
    private final Thread thread;
    private volatile boolean stopped;

    HeadWarmupRunner(Engine engine) {
        this.engine = engine;
        this.thread = Thread.ofPlatform()
                .name("celeriant-heads")
                .priority(Thread.MIN_PRIORITY)
                .daemon()
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try (HeadWarmup warmup = engine.headWarmup()) {
            boolean more = true;
            while (more && !stopped) {
                more = warmup.step();
            }
        } catch (RuntimeException e) {
            LOG.info("the heads were not read to their end, appends look them up: {}", e.toString());
        }
    }

    /** Waits until the thread has ended. */
    void stop() {
        stopped = true;
        ThreadEnd.await(thread);
    }
}

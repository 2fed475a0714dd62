package celeriant.log.retention;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the thread on which a {@link Retention} sweeps, with a pause between one sweep's end and the next. */
public final class RetentionRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionRunner.class);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("celeriant-retention").daemon().factory());
    private final Retention retention;

    private RetentionRunner(Retention retention) {
        this.retention = retention;
    }

    /** Sweeps for the first time after {@code pause}. */
    public static RetentionRunner start(Retention retention, Duration pause) {
        RetentionRunner runner = new RetentionRunner(retention);
        long millis = pause.toMillis();
        runner.executor.scheduleWithFixedDelay(runner::sweep, millis, millis, TimeUnit.MILLISECONDS);
        return runner;
    }

    private void sweep() {
        try {
            long trimmed = retention.sweep();
            LOG.debug("retention trimmed {} aggregates", trimmed);
        } catch (RuntimeException e) {
            // The log says by itself when its storage has failed; the next sweep begins anew.
            LOG.info("retention stopped before its end: {}", e.toString());
        } catch (Error e) {
            // Thrown on, it would end the sweeps for good without a word.
            LOG.error("retention stopped before its end; the next sweep begins anew", e);
        }
    }

    /** Waits for a sweep that is under way; close it before the log. */
    @Override
    public void close() {
        executor.close();
    }
}

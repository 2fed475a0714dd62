package celeriant.log.embedded.disk;

import celeriant.log.Measures;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows how long the writer has been waiting for the disk: a disk that hangs fails no call, it only does not come back,
 * and nobody is answered meanwhile. The writer thread goes through {@link #during}; any thread asks.
 */
public final class DiskStall {
    private static final Logger LOG = LoggerFactory.getLogger(DiskStall.class);

    private final LongSupplier nanos;
    private final long limitNanos;
    private volatile long since;
    private volatile boolean isWaiting;

    /** Something that writes or syncs. */
    public interface DiskWork<T> {
        T run() throws IOException;
    }

    /** @param limit from when on the disk counts as one that hangs */
    public DiskStall(LongSupplier nanos, Duration limit) {
        this.nanos = nanos;
        this.limitNanos = limit.toNanos();
    }

    public <T> T during(DiskWork<T> work) throws IOException {
        since = nanos.getAsLong();
        isWaiting = true;
        try {
            return work.run();
        } finally {
            isWaiting = false;
            long waited = nanos.getAsLong() - since;
            if (waited >= limitNanos) {
                LOG.error("the disk hung: a write or sync took {} ms", TimeUnit.NANOSECONDS.toMillis(waited));
            }
        }
    }

    private long waitingNanos() {
        return isWaiting ? Math.max(0, nanos.getAsLong() - since) : 0;
    }

    /** What is wrong with the disk; null as long as it comes back in time. */
    public String problem() {
        long waiting = waitingNanos();
        return waiting < limitNanos
                ? null
                : "the disk hangs: a write or sync has not returned for " + TimeUnit.NANOSECONDS.toMillis(waiting)
                        + " ms";
    }

    public void show(Measures into) {
        into.gauge(
                "disk_wait_millis",
                "For how long the write or sync that is on its way has not returned; 0 if none is.",
                TimeUnit.NANOSECONDS.toMillis(waitingNanos()));
    }
}

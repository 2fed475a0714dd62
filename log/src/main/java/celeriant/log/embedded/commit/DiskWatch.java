package celeriant.log.embedded.commit;

import celeriant.log.embedded.disk.Disk;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every so often how much room the disk has. When it is little, the queue takes no appends, long before a write
 * fails: a failed write is final, a refused one is not. What is small and cannot wait is taken until it has had a
 * quarter of that room. Once there is an eighth more than that, appends are taken again. Confined to the writer thread,
 * but for the first look.
 */
public final class DiskWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);

    /** Between two looks; what can be written meanwhile must be less than the room that is kept. */
    public static final long INTERVAL_MILLIS = 200;

    private static final int MORE_PARTS = 8;
    private static final int RESERVE_PARTS = 4;
    private static final long RESERVE_BYTES_MAX = 64L << 20;

    private final Disk disk;
    private final WriteQueue queue;
    private final long freeBytesMin;
    private long lookedAtMillis;
    private boolean isLow;

    /** @param freeBytesMin 0: never look */
    public DiskWatch(Disk disk, WriteQueue queue, long freeBytesMin) {
        this.disk = disk;
        this.queue = queue;
        this.freeBytesMin = freeBytesMin;
    }

    /** Looks, if the last time is long enough ago. */
    public void step(long nowMillis) {
        if (freeBytesMin > 0 && Math.abs(nowMillis - lookedAtMillis) >= INTERVAL_MILLIS) {
            lookedAtMillis = nowMillis;
            look();
        }
    }

    private void look() {
        long free;
        try {
            free = disk.usableBytes();
        } catch (IOException e) {
            LOG.debug("the disk does not say how much room it has", e);
            return;
        }
        if (!isLow && free < freeBytesMin) {
            isLow = true;
            String why = "the disk has less than " + freeBytesMin + " bytes of room left";
            queue.refuseAppends(
                    Problem.of(ErrorCode.STORAGE_FULL, why), Math.min(freeBytesMin / RESERVE_PARTS, RESERVE_BYTES_MAX));
            LOG.error(
                    "no appends are taken: {} ({} bytes); reads go on, and so do appends once there is more",
                    why,
                    free);
        } else if (isLow && free >= freeBytesMin + freeBytesMin / MORE_PARTS) {
            isLow = false;
            queue.takeAppends();
            LOG.info("the disk has room again, {} bytes: appends are taken", free);
        }
    }
}

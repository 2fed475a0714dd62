package celeriant.log.embedded.journal;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.record.RecordCheck;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes segments ahead of their use: writing a whole file of zeros takes long, and zeros written into the file that is
 * being synced would be synced with each group. {@link #take} is called by the writer thread.
 */
public final class SegmentSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentSource.class);

    private final Disk disk;
    private final UUID logId;
    private final long segmentBytes;
    private final LongSupplier salts;
    private final Executor background;
    private final RecordCheck check;
    private CompletableFuture<Segment> next;
    private volatile boolean isAwaited;

    /**
     * @param salts random numbers, one per segment
     * @param background where files are made; a test runs it in place
     */
    public SegmentSource(
            Disk disk, UUID logId, long segmentBytes, LongSupplier salts, Executor background, RecordCheck check) {
        this.disk = disk;
        this.logId = logId;
        this.segmentBytes = segmentBytes;
        this.salts = salts;
        this.background = background;
        this.check = check;
    }

    /** Lets a segment go from the system's cache, before the next one is made of the memory that this gives back. */
    void letGo(long number) {
        background.execute(() -> disk.letGo(Segment.name(number)));
    }

    /** Starts to make a segment. */
    void prepare(long number) {
        long salt = salts.getAsLong();
        next = CompletableFuture.supplyAsync(() -> create(number, salt, segmentBytes), background);
    }

    /** The segment of that number, with at least so much room, and starts to make the one after it. */
    public Segment take(long number, long roomWanted) throws IOException {
        Segment segment = prepared();
        if (segment == null || segment.room(Segment.HEADER_BYTES) < roomWanted) {
            segment = replace(segment, number, roomWanted);
        }
        prepare(number + 1);
        return segment;
    }

    private Segment replace(Segment tooSmall, long number, long roomWanted) throws IOException {
        if (tooSmall != null) {
            tooSmall.close();
            disk.delete(Segment.name(number));
        }
        long bytes = Math.max(segmentBytes, Segment.HEADER_BYTES + roomWanted + Segment.SEAL_BYTES);
        return Segment.create(disk, number, salts.getAsLong(), logId, bytes, check, () -> true);
    }

    /** What was made ahead; null if nothing was, or it failed: the disk may have been full then and have room now. */
    private Segment prepared() throws IOException {
        CompletableFuture<Segment> made = next;
        next = null;
        isAwaited = true;
        try {
            return made == null ? null : made.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the next segment was made", e);
        } catch (ExecutionException e) {
            LOG.info("a segment could not be made ahead: {}", String.valueOf(e.getCause()));
            return null;
        } finally {
            isAwaited = false;
        }
    }

    private Segment create(long number, long salt, long bytes) {
        try {
            return Segment.create(disk, number, salt, logId, bytes, check, () -> isAwaited);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Waits for the segment that is being made; it stays for the next start. */
    @Override
    public void close() throws IOException {
        Segment unused = prepared();
        if (unused != null) {
            unused.close();
        }
    }
}

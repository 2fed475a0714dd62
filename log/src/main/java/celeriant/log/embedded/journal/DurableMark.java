package celeriant.log.embedded.journal;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.record.UnknownFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The file that says up to where the journal is durable. It is written behind each sync, before anybody is answered,
 * and is not synced with it: a process that is killed leaves it exact, a machine that goes down may leave an older one.
 * So it never claims too much, and damage before it is told from a tail that nobody was answered. Two slots take turns,
 * each in a block of its own; the one that reaches further holds. Big-endian.
 *
 * <pre>
 *  0  magic   u64  "CelMark" and a zero
 *  8  format  u32  {@link #FORMAT}
 * 12  check   u32  CRC32C of the slot with this field 0
 * 16  log id  16
 * 32  end     u64  the place behind the last durable record
 * </pre>
 *
 * Used by one thread at a time: the one that has just synced, which is the writer or the one that syncs for it.
 */
public final class DurableMark implements AutoCloseable {
    /** The format of the file. 1: the first. */
    static final int FORMAT = 1;

    public static final String FILE = "durable.mark";
    public static final int FILE_BYTES = 2 * 4096;

    private static final int SLOTS = 2;
    private static final int SLOT_AT = FILE_BYTES / SLOTS;
    private static final int SLOT_BYTES = 40;
    private static final long MAGIC = 0x43656c4d61726b00L;
    private static final int CHECK_AT = 12;

    private final Disk.DiskFile file;
    private final UUID logId;
    private final ByteBuffer slot = ByteBuffer.allocateDirect(SLOT_BYTES);
    private final long endAtOpen;
    private int next;
    private boolean isSynced = true;

    private DurableMark(Disk.DiskFile file, UUID logId, long[] ends) {
        this.file = file;
        this.logId = logId;
        this.endAtOpen = Math.max(ends[0], ends[1]);
        this.next = ends[0] <= ends[1] ? 0 : 1;
    }

    /** Opens the mark of a log, making an empty one if there is none. */
    public static DurableMark open(Disk disk, UUID logId) throws IOException {
        boolean isNew = !disk.list().contains(FILE);
        Disk.DiskFile file = isNew ? disk.create(FILE) : disk.open(FILE);
        try {
            if (file.size() < FILE_BYTES) {
                file.write(ByteBuffer.allocate(FILE_BYTES), 0);
                file.force();
                disk.syncFolder();
            }
            ByteBuffer content = ByteBuffer.allocate(FILE_BYTES);
            file.read(content, 0);
            return new DurableMark(file, logId, ends(content.clear(), logId));
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** The place that a whole file says; 0 if that cannot be believed. */
    public static long endIn(ByteBuffer content, UUID logId) {
        if (content.capacity() < FILE_BYTES) {
            return 0;
        }
        long[] ends = ends(content, logId);
        return Math.max(ends[0], ends[1]);
    }

    private static long[] ends(ByteBuffer content, UUID logId) {
        long[] ends = new long[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
            ends[i] = end(content.slice(i * SLOT_AT, SLOT_BYTES), logId);
        }
        return ends;
    }

    /** The end that a slot holds; 0 if it holds none that can be believed. */
    private static long end(ByteBuffer found, UUID logId) {
        int expected = found.getInt(CHECK_AT);
        found.putInt(CHECK_AT, 0);
        boolean isWhole = found.getLong() == MAGIC && expected == check(found);
        int format = found.getInt();
        if (isWhole && format > FORMAT) {
            throw new UnknownFormatException("file " + FILE, format, FORMAT);
        }
        found.getInt();
        boolean isOurs = new UUID(found.getLong(), found.getLong()).equals(logId);
        return isWhole && isOurs ? found.getLong() : 0;
    }

    /** A whole file that says the same in both slots. */
    public static ByteBuffer encoded(UUID logId, long end) {
        ByteBuffer content = ByteBuffer.allocate(FILE_BYTES);
        for (int i = 0; i < SLOTS; i++) {
            encode(content.slice(i * SLOT_AT, SLOT_BYTES), logId, end);
        }
        return content;
    }

    private static void encode(ByteBuffer into, UUID logId, long end) {
        into.clear().putLong(MAGIC).putInt(FORMAT).putInt(0);
        into.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
        into.putLong(end).flip();
        into.putInt(CHECK_AT, check(into));
    }

    private static int check(ByteBuffer slot) {
        CRC32C crc = new CRC32C();
        crc.update(slot.duplicate().clear());
        return (int) crc.getValue();
    }

    /** Up to where the journal was durable when this was opened, at least; 0 if that is not known. */
    public long endAtOpen() {
        return endAtOpen;
    }

    /** Says that everything before {@code end} is durable, which it must be. */
    public void write(long end) throws IOException {
        encode(slot, logId, end);
        file.write(slot, (long) next * SLOT_AT);
        next = (next + 1) % SLOTS;
        isSynced = false;
    }

    /** Makes what it says survive a machine that goes down. */
    void sync() throws IOException {
        if (!isSynced) {
            file.force();
            isSynced = true;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

package celeriant.log.embedded.compaction;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.disk.SmallFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The file that remembers when the last whole compaction began. Without it, the next one is due at once if there is
 * anything to remove. Big-endian.
 *
 * <pre>
 *  0  magic    u64  "CelCmpt" and a zero
 *  8  format   u32  {@link #FORMAT}
 * 12  check    u32  CRC32C of the file with this field 0
 * 16  started  u64  milliseconds
 * </pre>
 */
final class CompactionState {
    /** The format of the file. 1: the first. */
    static final int FORMAT = 1;

    static final String FILE = "compaction.meta";

    private static final long MAGIC = 0x43656c436d707400L;
    private static final int CHECK_AT = 12;
    private static final int STARTED_AT = 16;
    private static final int FILE_BYTES = 24;

    private CompactionState() {}

    /** When the last one began; 0 if that is not known. */
    static long read(Disk disk) throws IOException {
        if (!disk.list().contains(FILE)) {
            return 0;
        }
        ByteBuffer content = ByteBuffer.allocate(FILE_BYTES);
        try (Disk.DiskFile file = disk.open(FILE)) {
            file.read(content, 0);
        }
        content.clear();
        boolean isKnown = content.getLong() == MAGIC && content.getInt() == FORMAT;
        long started = content.getLong(STARTED_AT);
        return isKnown && SmallFile.isIntact(content, CHECK_AT) ? started : 0;
    }

    static void write(Disk disk, long startedMillis) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(FILE_BYTES);
        content.putLong(MAGIC).putInt(FORMAT).putInt(0).putLong(startedMillis);
        SmallFile.replace(disk, FILE, content, CHECK_AT);
    }
}

package celeriant.log.embedded.journal;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.disk.SmallFile;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.UnknownFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The file that makes a folder a log: its id, for ever, and the format of the folder. Written once. Big-endian.
 *
 * <pre>
 *  0  magic   u64  "CelLogM" and a zero
 *  8  format  u32  {@link #FORMAT}
 * 12  check   u32  CRC32C of the file with this field 0
 * 16  log id  16
 * </pre>
 */
public final class LogMeta {
    /** The format of the folder. 1: the first. */
    static final int FORMAT = 1;

    public static final String FILE = "log.meta";

    /** A file that says that the folder holds a backup which is half old and half new. */
    public static final String INCOMPLETE = "backup.incomplete";

    private static final long MAGIC = 0x43656c4c6f674d00L;
    private static final int CHECK_AT = 12;
    private static final int ID_AT = 16;
    private static final int FILE_BYTES = 32;

    private LogMeta() {}

    /** The log's id; a folder without one gets one, if it holds no journal. */
    public static UUID openOrCreate(Disk disk, Supplier<UUID> ids) throws IOException {
        if (disk.list().contains(INCOMPLETE)) {
            throw new CorruptLogException("the folder holds a backup that was cut short (file " + INCOMPLETE
                    + "): run the backup again, to its end");
        }
        if (disk.list().contains(FILE)) {
            return read(disk);
        }
        if (disk.list().stream().anyMatch(Segment::isName)) {
            throw new CorruptLogException("file " + FILE + " is missing beside the journal's segments");
        }
        UUID id = ids.get();
        write(disk, id);
        return id;
    }

    private static UUID read(Disk disk) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(FILE_BYTES);
        try (Disk.DiskFile file = disk.open(FILE)) {
            file.read(content, 0);
        }
        boolean whole = !content.hasRemaining();
        content.flip();
        if (!whole || content.getLong() != MAGIC) {
            throw new CorruptLogException("file " + FILE + " is damaged: it is not a log's");
        }
        int format = content.getInt();
        if (format > FORMAT) {
            throw new UnknownFormatException("the folder", format, FORMAT);
        }
        if (!SmallFile.isIntact(content, CHECK_AT)) {
            throw new CorruptLogException("file " + FILE + " is damaged: its check does not agree with its bytes");
        }
        return new UUID(content.getLong(ID_AT), content.getLong(ID_AT + Long.BYTES));
    }

    private static void write(Disk disk, UUID id) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(FILE_BYTES);
        content.putLong(MAGIC).putInt(FORMAT).putInt(0);
        content.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        SmallFile.replace(disk, FILE, content, CHECK_AT);
    }
}

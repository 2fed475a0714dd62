package celeriant.log.embedded.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/**
 * Reads the file that says up to where the journal is durable, as its format is drawn: two slots in blocks of their
 * own, zeros between. The one that reaches further holds.
 */
final class MarkFile {
    static final String NAME = "durable.mark";

    private static final long MAGIC = 0x43656c4d61726b00L;
    private static final int FORMAT = 1;
    private static final int FILE_BYTES = 8192;
    private static final int SLOT_AT = 4096;
    private static final int SLOT_BYTES = 40;

    private MarkFile() {}

    /**
     * The place up to which everything was durable, at least; 0 if that is not known.
     *
     * @param found is told at which offset something is wrong, and what
     */
    static long end(Path folder, UUID logId, BiConsumer<Long, String> found) throws IOException {
        Path path = folder.resolve(NAME);
        if (!Files.exists(path)) {
            return 0;
        }
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path));
        if (file.limit() != FILE_BYTES) {
            found.accept(0L, "its length is not " + FILE_BYTES);
            return 0;
        }
        long end = 0;
        for (int at = 0; at < FILE_BYTES; at += SLOT_AT) {
            if (!isZero(file, at, at + SLOT_BYTES)) {
                end = Math.max(end, slot(file, at, logId, found));
            }
            if (!isZero(file, at + SLOT_BYTES, at + SLOT_AT)) {
                found.accept((long) at + SLOT_BYTES, "bytes behind a slot");
            }
        }
        return end;
    }

    private static long slot(ByteBuffer file, int at, UUID logId, BiConsumer<Long, String> found) {
        byte[] slot = new byte[SLOT_BYTES];
        file.get(at, slot);
        ByteBuffer fields = ByteBuffer.wrap(slot);
        int expected = fields.getInt(12);
        fields.putInt(12, 0);
        CRC32C crc = new CRC32C();
        crc.update(slot);
        if (fields.getLong(0) != MAGIC || expected != (int) crc.getValue()) {
            found.accept((long) at, "the check does not agree with the bytes, so this slot says nothing");
        } else if (fields.getInt(8) != FORMAT) {
            found.accept((long) at, "format " + fields.getInt(8) + " is not known");
        } else if (logId != null && !new UUID(fields.getLong(16), fields.getLong(24)).equals(logId)) {
            found.accept((long) at, "it is of another log");
        } else {
            return fields.getLong(32);
        }
        return 0;
    }

    private static boolean isZero(ByteBuffer file, int from, int to) {
        for (int at = from; at < to; at++) {
            if (file.get(at) != 0) {
                return false;
            }
        }
        return true;
    }
}

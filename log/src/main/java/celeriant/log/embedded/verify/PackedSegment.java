package celeriant.log.embedded.verify;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/**
 * Unpacks a packed segment's file into the bytes of the plain one, as the format's description draws it: behind the
 * header a table with each block's end and check, then the frames. Confined to one thread.
 */
final class PackedSegment {
    private static final int HEADER_BYTES = 4096;
    private static final int ENTRY_BYTES = 8;
    private static final int BLOCK_BYTES_MAX = 1 << 20;

    private PackedSegment() {}

    /**
     * The segment's bytes, zeros where a block is damaged.
     *
     * @param file whole, its header right
     * @param found is told at which offset of the file something is wrong, and what
     * @return null if nothing can be made of it
     */
    static ByteBuffer unpack(ByteBuffer file, BiConsumer<Long, String> found) {
        long salt = file.getLong(24);
        long bytes = file.getLong(48);
        int blockBytes = file.getInt(64);
        boolean isPossible =
                bytes > HEADER_BYTES && bytes <= Integer.MAX_VALUE && blockBytes > 0 && blockBytes <= BLOCK_BYTES_MAX;
        int count = isPossible ? (int) ((bytes - HEADER_BYTES + blockBytes - 1) / blockBytes) : 0;
        long start = HEADER_BYTES + (long) count * ENTRY_BYTES;
        if (!isPossible || start > file.limit()) {
            found.accept(48L, "the header's lengths are not possible");
            return null;
        }
        byte[] plain = new byte[(int) bytes];
        for (int i = 0; i < count; i++) {
            int entry = HEADER_BYTES + i * ENTRY_BYTES;
            long end = Integer.toUnsignedLong(file.getInt(entry));
            int at = HEADER_BYTES + i * blockBytes;
            int length = Math.min(blockBytes, plain.length - at);
            if (end <= start || end > file.limit()) {
                found.accept((long) entry, "the table of blocks is damaged");
                return null;
            }
            byte[] frame = new byte[(int) (end - start)];
            file.get((int) start, frame);
            if (file.getInt(entry + 4) != check(frame, salt, i)) {
                found.accept(start, "the check of block " + i + " does not agree with its bytes");
            } else if (Zstd.decompressByteArray(plain, at, length, frame, 0, frame.length) != length) {
                found.accept(start, "block " + i + " cannot be unpacked");
            }
            start = end;
        }
        if (start != file.limit()) {
            found.accept(start, "bytes behind the last block");
        }
        return ByteBuffer.wrap(plain);
    }

    private static int check(byte[] frame, long salt, int number) {
        CRC32C crc = new CRC32C();
        crc.update(frame);
        return (int) crc.getValue() ^ (int) (salt ^ salt >>> 32) ^ number * 0x9E3779B9 ^ frame.length * 0x85EBCA6B;
    }
}

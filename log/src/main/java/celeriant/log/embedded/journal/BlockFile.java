package celeriant.log.embedded.journal;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordFormat;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.CRC32C;

/**
 * A packed segment's file, read as if it were a plain one: the bytes behind the header in blocks, each a zstd frame of
 * its own, so that one record costs one block. Big-endian.
 *
 * <pre>
 * header              see {@link SegmentHeader}
 * table   end u32     offset in the file behind a block's frame; the first one begins behind the table
 *         check u32   CRC32C of the frame, mixed with the segment's salt, the block's number and the frame's length
 *         …           for each block
 * frames
 * </pre>
 *
 * Never written. Thread-safe.
 */
public final class BlockFile implements Disk.DiskFile {
    public static final int ENTRY_BYTES = 2 * Integer.BYTES;

    private static final int NUMBER_MIX = 0x9E3779B9;
    private static final int LENGTH_MIX = 0x85EBCA6B;
    /** Unpacked blocks that are kept, those of all logs of the process together: 8 MiB. */
    private static final int BLOCKS_KEPT = 256;

    private static final int DECOMPRESSORS_KEPT = 8;

    private static final AtomicReferenceArray<Block> KEPT = new AtomicReferenceArray<>(BLOCKS_KEPT);
    /** One that is made costs more than the block that it unpacks. */
    private static final ArrayBlockingQueue<ZstdDecompressCtx> DECOMPRESSORS =
            new ArrayBlockingQueue<>(DECOMPRESSORS_KEPT);

    private record Block(BlockFile file, int number, byte[] bytes) {}

    private final Disk.DiskFile file;
    private final SegmentHeader header;

    BlockFile(Disk.DiskFile file, SegmentHeader header) {
        this.file = file;
        this.header = header;
    }

    public static int blocks(long bytes, int blockBytes) {
        return (int) ((bytes - SegmentHeader.BYTES + blockBytes - 1) / blockBytes);
    }

    public static int check(byte[] frame, int length, long salt, int number) {
        CRC32C crc = new CRC32C();
        crc.update(frame, 0, length);
        return (int) crc.getValue() ^ (int) (salt ^ salt >>> Integer.SIZE) ^ number * NUMBER_MIX ^ length * LENGTH_MIX;
    }

    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
        int before = into.remaining();
        long at = offset;
        while (into.hasRemaining() && at < header.bytes()) {
            int number = (int) ((at - SegmentHeader.BYTES) / header.blockBytes());
            byte[] block = block(number);
            int from = (int) (at - SegmentHeader.BYTES - (long) number * header.blockBytes());
            int count = Math.min(into.remaining(), block.length - from);
            into.put(block, from, count);
            at += count;
        }
        return before - into.remaining();
    }

    private byte[] block(int number) throws IOException {
        int slot = Math.floorMod(System.identityHashCode(this) + number, BLOCKS_KEPT);
        Block kept = KEPT.get(slot);
        if (kept != null && kept.file == this && kept.number == number) {
            return kept.bytes;
        }
        byte[] bytes = unpack(number);
        KEPT.set(slot, new Block(this, number, bytes));
        return bytes;
    }

    private byte[] unpack(int number) throws IOException {
        int blocks = blocks(header.bytes(), header.blockBytes());
        long tableEnd = SegmentHeader.BYTES + (long) blocks * ENTRY_BYTES;
        long entry = SegmentHeader.BYTES + (long) number * ENTRY_BYTES;
        long start = number == 0 ? tableEnd : unsigned(entry - ENTRY_BYTES);
        long end = unsigned(entry);
        int length = unpackedLength(number);
        if (start < tableEnd || end <= start || end > header.fileBytes() || end - start > Zstd.compressBound(length)) {
            throw damaged(number, "the table of blocks is damaged");
        }
        byte[] frame = new byte[(int) (end - start)];
        file.read(ByteBuffer.wrap(frame), start);
        if ((int) unsigned(entry + Integer.BYTES) != check(frame, frame.length, header.salt(), number)) {
            throw damaged(number, "the block's check does not agree with its bytes");
        }
        byte[] bytes = new byte[length];
        if (unpack(frame, bytes) != length) {
            throw damaged(number, "the block cannot be unpacked");
        }
        return bytes;
    }

    private static int unpack(byte[] frame, byte[] bytes) {
        ZstdDecompressCtx kept = DECOMPRESSORS.poll();
        ZstdDecompressCtx decompressor = kept == null ? new ZstdDecompressCtx() : kept;
        try {
            return decompressor.decompressByteArray(bytes, 0, bytes.length, frame, 0, frame.length);
        } finally {
            if (!DECOMPRESSORS.offer(decompressor)) {
                decompressor.close();
            }
        }
    }

    private int unpackedLength(int number) {
        long left = header.bytes() - SegmentHeader.BYTES - (long) number * header.blockBytes();
        return (int) Math.min(header.blockBytes(), left);
    }

    private long unsigned(long offset) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);
        file.read(number, offset);
        return Integer.toUnsignedLong(number.getInt(0));
    }

    private CorruptLogException damaged(int number, String what) {
        long offset = SegmentHeader.BYTES + (long) number * header.blockBytes();
        return CorruptLogException.at(RecordFormat.place(header.number(), offset), what);
    }

    @Override
    public void prepareReads() throws IOException {
        file.prepareReads();
    }

    @Override
    public void write(ByteBuffer from, long offset) {
        throw new UnsupportedOperationException("a packed segment is never written");
    }

    /** Nothing: it was durable when it got its name. */
    @Override
    public void force() {
        // Nothing was written.
    }

    @Override
    public long size() {
        return header.bytes();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

package celeriant.log.embedded.journal;

import celeriant.log.embedded.disk.Disk;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes a sealed segment's bytes into a new file: the records in their order, from behind the header to the end of the
 * seal. Confined to one thread.
 */
public abstract sealed class SegmentOutput implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final Disk.DiskFile file;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private long at;

    public SegmentOutput(Disk.DiskFile file, long start) {
        this.file = file;
        this.at = start;
    }

    /** Takes the next bytes. */
    public abstract void write(byte[] bytes, int from, int count) throws IOException;

    /** Writes what is left and the header. @return the header */
    public abstract SegmentHeader finish() throws IOException;

    public Disk.DiskFile file() {
        return file;
    }

    /** The offset in the file behind what was put. */
    public long end() {
        return at + buffered;
    }

    public void put(byte[] bytes, int from, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int part = Math.min(count - done, BUFFER_BYTES - buffered);
            System.arraycopy(bytes, from + done, buffer, buffered, part);
            buffered += part;
            done += part;
            if (buffered == BUFFER_BYTES) {
                flush();
            }
        }
    }

    public void flush() throws IOException {
        if (buffered > 0) {
            file.write(ByteBuffer.wrap(buffer, 0, buffered), at);
            at += buffered;
            buffered = 0;
        }
    }

    @Override
    public void close() {
        // Nothing is held unless there is a compressor.
    }

    /** Each byte at its offset. */
    public static final class Plain extends SegmentOutput {
        private final SegmentHeader header;

        /** @param bytes of the segment, up to the end of its seal */
        public Plain(Disk.DiskFile file, SegmentHeader old, long bytes) {
            super(file, SegmentHeader.BYTES);
            this.header = SegmentHeader.plain(old.number(), old.salt(), old.logId(), bytes);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            put(bytes, from, count);
        }

        @Override
        public SegmentHeader finish() throws IOException {
            flush();
            file().write(header.encoded(), 0);
            return header;
        }
    }

    /** In compressed blocks, see {@link BlockFile}. */
    public static final class Packed extends SegmentOutput {
        /** Small enough that one record costs little, large enough to find what repeats. */
        static final int BLOCK_BYTES = 32 << 10;

        private final SegmentHeader old;
        private final long bytes;
        private final ZstdCompressCtx compressor = new ZstdCompressCtx();
        private final byte[] block = new byte[BLOCK_BYTES];
        private final byte[] frame = new byte[(int) Zstd.compressBound(BLOCK_BYTES)];
        private final ByteBuffer table;
        private int inBlock;
        private int blocks;

        /** @param bytes of the segment, up to the end of its seal */
        public Packed(Disk.DiskFile file, SegmentHeader old, long bytes, int level) {
            super(file, SegmentHeader.BYTES + tableBytes(bytes));
            this.old = old;
            this.bytes = bytes;
            this.table = ByteBuffer.allocate(tableBytes(bytes));
            compressor.setLevel(level);
        }

        private static int tableBytes(long bytes) {
            return BlockFile.blocks(bytes, BLOCK_BYTES) * BlockFile.ENTRY_BYTES;
        }

        @Override
        public void write(byte[] source, int from, int count) throws IOException {
            int done = 0;
            while (done < count) {
                int part = Math.min(count - done, BLOCK_BYTES - inBlock);
                System.arraycopy(source, from + done, block, inBlock, part);
                inBlock += part;
                done += part;
                if (inBlock == BLOCK_BYTES) {
                    pack();
                }
            }
        }

        private void pack() throws IOException {
            int length = compressor.compressByteArray(frame, 0, frame.length, block, 0, inBlock);
            put(frame, 0, length);
            table.putInt((int) end()).putInt(BlockFile.check(frame, length, old.salt(), blocks));
            blocks++;
            inBlock = 0;
        }

        @Override
        public SegmentHeader finish() throws IOException {
            if (inBlock > 0) {
                pack();
            }
            flush();
            SegmentHeader header = new SegmentHeader(
                    SegmentHeader.PACKED, old.number(), old.salt(), old.logId(), bytes, end(), BLOCK_BYTES);
            file().write(table.flip(), SegmentHeader.BYTES);
            file().write(header.encoded(), 0);
            return header;
        }

        @Override
        public void close() {
            compressor.close();
        }
    }
}

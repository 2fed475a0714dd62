package celeriant.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** What the disk itself gives: one block written and synced, again and again, on blocks that were written before. */
final class DiskSync {
    private static final int BLOCK_BYTES = 4_096;
    private static final int FILE_BYTES = 64 << 20;

    private DiskSync() {}

    /** Latencies of a bare write and {@code fdatasync}. */
    static Latencies measure(Path file, Duration measured) throws IOException {
        Latencies latencies = new Latencies();
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
                channel.write(zeros.clear(), at);
            }
            channel.force(true);
            ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
            long end = System.nanoTime() + measured.toNanos();
            long at = 0;
            for (long now = System.nanoTime(); now < end; ) {
                channel.write(block.clear(), at);
                channel.force(false);
                long after = System.nanoTime();
                latencies.add(after - now);
                now = after;
                at = (at + BLOCK_BYTES) % FILE_BYTES;
            }
        }
        return latencies;
    }
}

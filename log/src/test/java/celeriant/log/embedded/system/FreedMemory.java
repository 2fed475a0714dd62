package celeriant.log.embedded.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/** 200 MB of the C library's memory, in small blocks that are freed below a last one that stays. Linux alone. */
public final class FreedMemory implements AutoCloseable {
    private static final int BLOCKS = 25_000;
    private static final int BLOCK_BYTES = 8 << 10;
    private static final long GIVEN_BACK_KIB_MIN = (long) BLOCKS * BLOCK_BYTES / 2 / 1024;

    private final Arena stays = Arena.ofShared();
    private long takenKib;

    public void takeAndFree() {
        try (Arena all = Arena.ofConfined()) {
            for (int i = 0; i < BLOCKS; i++) {
                all.allocate(BLOCK_BYTES).fill((byte) 1);
            }
            stays.allocate(BLOCK_BYTES);
            takenKib = residentKib();
        }
    }

    /** Whether the machine has at least half of it again. */
    public boolean isGivenBack() {
        return residentKib() < takenKib - GIVEN_BACK_KIB_MIN;
    }

    private static long residentKib() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("RssAnon"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return residentKib() + " KiB are resident, " + takenKib + " were";
    }

    @Override
    public void close() {
        stays.close();
    }
}

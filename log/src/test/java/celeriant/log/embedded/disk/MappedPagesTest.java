package celeriant.log.embedded.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files that are read do not stay in the process's memory, and are read right whatever was given back meanwhile. */
@EnabledOnOs(OS.LINUX)
class MappedPagesTest {
    private static final int PART = 256 << 10;
    private static final int PARTS = 64;
    private static final long RESIDENT_MAX = 2 << 20;

    @TempDir
    Path folder;

    @Test
    void whatWasReadIsGivenBack() throws IOException {
        try (FolderDisk disk = FolderDisk.open(folder, RESIDENT_MAX);
                Disk.DiskFile file = disk.create("large")) {
            for (int i = 0; i < PARTS; i++) {
                file.write(part(i), (long) i * PART);
            }
            file.prepareReads();
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < PARTS; i++) {
                    ByteBuffer read = ByteBuffer.allocate(PART);
                    assertEquals(PART, file.read(read, (long) i * PART));
                    assertEquals(part(i), read.flip());
                }
            }
            assertTrue(resident("large") <= RESIDENT_MAX + PART, resident("large") + " bytes are resident");
        }
        assertEquals(0, resident("large"));
    }

    /** What maps it would keep its blocks until the collector looks at it. */
    @Test
    void aFileThatIsClosedIsMappedNoMoreAndReadNoMore() throws IOException {
        try (FolderDisk disk = FolderDisk.open(folder, RESIDENT_MAX)) {
            Disk.DiskFile file = disk.create("large");
            file.write(part(0), 0);
            file.prepareReads();
            file.read(ByteBuffer.allocate(PART), 0);
            assertTrue(isMapped("large"));
            file.close();
            assertFalse(isMapped("large"));
            assertThrows(ClosedChannelException.class, () -> file.read(ByteBuffer.allocate(PART), 0));
            assertThrows(ClosedChannelException.class, file::prepareReads);
        }
    }

    private boolean isMapped(String file) throws IOException {
        return Files.readString(Path.of("/proc/self/maps"))
                .contains(folder.resolve(file).toString());
    }

    private static ByteBuffer part(int number) {
        ByteBuffer bytes = ByteBuffer.allocate(PART);
        while (bytes.hasRemaining()) {
            bytes.putInt(number * PART + bytes.position());
        }
        return bytes.flip();
    }

    /** What the system says that this process holds of a file. */
    private long resident(String file) throws IOException {
        long bytes = 0;
        boolean isOfFile = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (!line.startsWith("VmFlags") && line.matches("^[0-9a-f]+-[0-9a-f]+ .*")) {
                isOfFile = line.contains(folder.resolve(file).toString());
            } else if (isOfFile && line.startsWith("Rss:")) {
                bytes += Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return bytes;
    }
}

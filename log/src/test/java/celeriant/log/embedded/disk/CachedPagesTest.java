package celeriant.log.embedded.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is written out is on the disk. What is let go is in the system's cache no more, and is read from the disk as it
 * was.
 */
@EnabledOnOs(OS.LINUX)
class CachedPagesTest {
    private static final int BYTES = 1 << 20;
    private static final int PAGE_BYTES = 4096;
    /** What a system reads ahead of the first page of a file that is read in order. */
    private static final int HEADER_PAGES_MAX = 16;

    @TempDir
    Path folder;

    @Test
    void aFileThatIsLetGoIsInNoCacheAndStillWhole() throws Throwable {
        assumeFalse(Files.getFileStore(folder).type().equals("tmpfs"), "this file system is nothing but a cache");
        try (FolderDisk disk = FolderDisk.open(folder);
                Disk.DiskFile file = disk.create("file")) {
            ByteBuffer bytes = ByteBuffer.allocate(BYTES);
            while (bytes.hasRemaining()) {
                bytes.putInt(bytes.position());
            }
            file.write(bytes.flip(), 0);
            file.force();
            assertNotEquals(0, cachedPages("file"));
            disk.letGo("file");
            assertEquals(0, cachedPages("file"));
            ByteBuffer read = ByteBuffer.allocate(BYTES);
            assertEquals(BYTES, file.read(read, 0));
            assertEquals(bytes.rewind(), read.flip());
        }
    }

    /** What is not on the disk yet cannot be let go. */
    @Test
    void whatIsWrittenOutIsOnTheDisk() throws Throwable {
        assumeFalse(Files.getFileStore(folder).type().equals("tmpfs"), "this file system is nothing but a cache");
        try (FolderDisk disk = FolderDisk.open(folder);
                Disk.DiskFile file = disk.create("file")) {
            file.write(ByteBuffer.allocate(BYTES), 0);
            disk.writeOut("file", 0, BYTES / 2);
            disk.writeOut("file", BYTES / 2, BYTES / 2);
            disk.letGo("file");
            assertTrue(cachedPages("file") <= BYTES / PAGE_BYTES / 2);
        }
    }

    /** A log has many, and of a mapping the system would read megabytes around each. */
    @Test
    void openingASegmentReadsItsHeaderAlone() throws Throwable {
        assumeFalse(Files.getFileStore(folder).type().equals("tmpfs"), "this file system is nothing but a cache");
        UUID logId = new UUID(1, 2);
        try (FolderDisk disk = FolderDisk.open(folder)) {
            Segment.create(disk, 1, 5, logId, BYTES, RecordFormat::isIntact, () -> false)
                    .close();
            String name = Segment.name(1);
            disk.letGo(name);
            assertEquals(0, cachedPages(name));
            try (Segment opened = Segment.open(disk, name, logId, RecordFormat::isIntact)) {
                assertEquals(BYTES, opened.bytes());
                assertTrue(cachedPages(name) <= HEADER_PAGES_MAX, cachedPages(name) + " pages were read");
            }
        }
    }

    @Test
    void aFileThatIsNotThereIsNoFault() throws IOException {
        try (FolderDisk disk = FolderDisk.open(folder)) {
            disk.writeOut("none", 0, 1);
            disk.letGo("none");
        }
    }

    /** As {@code mincore} tells of a mapping that nobody has touched. */
    @SuppressWarnings("restricted")
    private int cachedPages(String name) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle ask = linker.downcallHandle(
                linker.defaultLookup().find("mincore").orElseThrow(),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(folder.resolve(name))) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES, arena);
            MemorySegment found = arena.allocate(BYTES / PAGE_BYTES);
            assertEquals(0, (int) ask.invokeExact(mapped, (long) BYTES, found));
            int cached = 0;
            for (long i = 0; i < found.byteSize(); i++) {
                cached += found.get(ValueLayout.JAVA_BYTE, i) & 1;
            }
            return cached;
        }
    }
}

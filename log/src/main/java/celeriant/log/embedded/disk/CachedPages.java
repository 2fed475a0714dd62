package celeriant.log.embedded.disk;

import celeriant.log.embedded.system.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * What the system's cache holds of a file: has it written to the disk, or given up. Where the system has no
 * {@code sync_file_range} (all but Linux) or no {@code posix_fadvise} (macOS, Windows), the cache goes on as it thinks
 * fit. Called with a path of this module's own, and with the number that opening it gave. Any thread.
 */
final class CachedPages {
    /** The value of {@code POSIX_FADV_DONTNEED} on Linux. */
    private static final int DO_NOT_NEED = 4;

    /** {@code SYNC_FILE_RANGE_WAIT_BEFORE}: waits for what is being written. */
    private static final int WAIT = 1;

    /** {@code SYNC_FILE_RANGE_WRITE}: begins to write what is not being written. */
    private static final int BEGIN = 2;

    private static final int READ_ONLY = 0;

    private static final MethodHandle OPEN = SystemCalls.find(
                    "open",
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2))
            .orElse(null);
    private static final MethodHandle ADVISE = SystemCalls.find(
                    "posix_fadvise",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT))
            .orElse(null);
    private static final MethodHandle CLOSE = SystemCalls.find(
                    "close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
            .orElse(null);

    private static final MethodHandle WRITE = SystemCalls.onLinux(
                    "sync_file_range",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT))
            .orElse(null);

    private CachedPages() {}

    /** Drops what is durable of a file. One that is not there has nothing to drop. */
    static void drop(Path file) {
        with(file, ADVISE, 0, 0, DO_NOT_NEED);
    }

    /**
     * Begins to write a part of a file to the disk, and waits for as long a part before it. Whether that went well, a
     * sync says that comes later.
     */
    static void writeOut(Path file, long from, long bytes) {
        with(file, WRITE, from, bytes, BEGIN);
        with(file, WRITE, Math.max(0, from - bytes), bytes, WAIT);
    }

    /** @param call takes the file's number, from where, how many bytes, and what to do with them */
    private static void with(Path file, MethodHandle call, long from, long bytes, int what) {
        if (OPEN == null || call == null || CLOSE == null) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(file.toString());
            int number = (int) OPEN.invokeExact(path, READ_ONLY);
            if (number >= 0) {
                int ignored = (int) call.invokeExact(number, from, bytes, what);
                int closed = (int) CLOSE.invokeExact(number);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("the system's calls for files cannot be called", e);
        }
    }
}

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
 * Has the system's cache give up what it holds of a file. Where the system has no {@code posix_fadvise} (macOS,
 * Windows), it keeps that until it needs the memory. Called with a path of this module's own, and with the number that
 * opening it gave. Any thread.
 */
final class CachedPages {
    /** The value of {@code POSIX_FADV_DONTNEED} on Linux. */
    private static final int DO_NOT_NEED = 4;

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

    private CachedPages() {}

    /** Drops what is durable of a file. One that is not there has nothing to drop. */
    static void drop(Path file) {
        if (OPEN == null || ADVISE == null || CLOSE == null) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(file.toString());
            int number = (int) OPEN.invokeExact(path, READ_ONLY);
            if (number >= 0) {
                int ignored = (int) ADVISE.invokeExact(number, 0L, 0L, DO_NOT_NEED);
                int closed = (int) CLOSE.invokeExact(number);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("the system's calls for files cannot be called", e);
        }
    }
}

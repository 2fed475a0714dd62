package celeriant.log.embedded.heads;

import celeriant.log.embedded.system.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Memory in pages of 2 MiB where Linux gives them. Who looks anywhere into hundreds of megabytes misses the processor's
 * table of pages at each look while these are of 4 KiB, and has to wait for a hundred thousand of them to be made.
 * Zeros, and taken from the machine as they are touched. Calls go to ranges of this class alone. Thread-safe.
 */
final class LargePages {
    private static final long PAGE_BYTES = 2 << 20;

    /** Of each piece; not more than is seldom needed, for it counts as taken where a machine promises no more. */
    static final long PIECE_BYTES = 16 * PAGE_BYTES;

    private static final int READ_AND_WRITE = 3;
    private static final int PRIVATE_AND_ANONYMOUS = 0x22;
    private static final int LARGE_PAGES = 14;

    private static final Optional<MethodHandle> MAP = SystemCalls.onLinux(
            "mmap",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG));
    private static final Optional<MethodHandle> UNMAP = SystemCalls.onLinux(
            "munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
    private static final Optional<MethodHandle> ADVISE = SystemCalls.onLinux(
            "madvise",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private LargePages() {}

    /** A piece that lives as long as the arena; null where there is none. */
    @SuppressWarnings("restricted")
    static MemorySegment piece(Arena arena) {
        if (MAP.isEmpty() || UNMAP.isEmpty() || ADVISE.isEmpty()) {
            return null;
        }
        long mapped = PIECE_BYTES + PAGE_BYTES;
        long address = map(mapped);
        if (address == -1) {
            return null;
        }
        long aligned = (address + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
        advise(aligned);
        MemorySegment all = MemorySegment.ofAddress(address).reinterpret(mapped, arena, it -> unmap(address, mapped));
        return all.asSlice(aligned - address, PIECE_BYTES);
    }

    private static long map(long bytes) {
        try {
            return (long) MAP.get().invokeExact(0L, bytes, READ_AND_WRITE, PRIVATE_AND_ANONYMOUS, -1, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("mmap cannot be called", e);
        }
    }

    private static void advise(long address) {
        try {
            int ignored = (int) ADVISE.get().invokeExact(address, PIECE_BYTES, LARGE_PAGES);
        } catch (Throwable e) {
            throw new IllegalStateException("madvise cannot be called", e);
        }
    }

    private static void unmap(long address, long bytes) {
        try {
            int ignored = (int) UNMAP.get().invokeExact(address, bytes);
        } catch (Throwable e) {
            throw new IllegalStateException("munmap cannot be called", e);
        }
    }
}

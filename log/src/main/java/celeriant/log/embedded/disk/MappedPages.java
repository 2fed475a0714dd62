package celeriant.log.embedded.disk;

import celeriant.log.embedded.system.SystemCalls;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Bounds what reading mapped files makes resident: once so much was read, the pages of all of them are given back to
 * the system. They stay in its cache, so the next read of one costs a page fault and not the disk; what is bounded is
 * what this process is said to hold. Where the system has no {@code madvise}, nothing is bounded. Thread-safe.
 */
final class MappedPages {
    /** The value of {@code MADV_DONTNEED} on Linux and macOS: of a file's pages, it drops the mapping alone. */
    private static final int DO_NOT_NEED = 4;

    /** One fault maps the pages around it, too. */
    private static final long FAULT_BYTES = 64 << 10;

    /** Called with mappings of this class alone, and their own lengths. */
    private static final MethodHandle ADVISE = SystemCalls.find(
                    "madvise",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT))
            .orElse(null);

    private final long bytesMax;
    private final AtomicLong bytesRead = new AtomicLong();

    /** @param bytesMax what reads make resident, about */
    MappedPages(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * So many bytes were read; gives back all pages if it is time to. @param all hands all mappings to what it is given
     */
    void read(long count, Consumer<Consumer<MemorySegment>> all) {
        long bytes = bytesRead.addAndGet(Math.max(count, FAULT_BYTES));
        if (bytes > bytesMax && bytesRead.compareAndSet(bytes, 0)) {
            all.accept(MappedPages::giveBack);
        }
    }

    /** Who reads them meanwhile, or later, finds them again. */
    static void giveBack(MemorySegment mapped) {
        if (ADVISE == null || mapped.byteSize() == 0) {
            return;
        }
        try {
            int ignored = (int) ADVISE.invokeExact(mapped, mapped.byteSize(), DO_NOT_NEED);
        } catch (Throwable e) {
            // What was unmapped meanwhile has no pages.
            if (mapped.scope().isAlive()) {
                throw new IllegalStateException("madvise cannot be called", e);
            }
        }
    }
}

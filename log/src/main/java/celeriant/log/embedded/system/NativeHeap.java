package celeriant.log.embedded.system;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The memory that the C library hands out: libraries that are not Java's, RocksDB's above all, live in it. */
public final class NativeHeap {
    private static final Optional<MethodHandle> TRIM =
            SystemCalls.onLinux("malloc_trim", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

    private NativeHeap() {}

    /**
     * Gives what is free of it back to the machine. The C library keeps by itself what lies below anything in use: once
     * much was taken for a moment, the process is as large as that for ever. Takes tens of milliseconds, in which who
     * asks for such memory may wait; nothing happens where the library has no such call (musl, other systems).
     */
    public static void giveBack() {
        if (TRIM.isEmpty()) {
            return;
        }
        try {
            int ignored = (int) TRIM.get().invokeExact(0L);
        } catch (Throwable e) {
            throw new IllegalStateException("malloc_trim cannot be called", e);
        }
    }
}

package celeriant.log.embedded.system;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Where the calling thread stands among those that want a core. On Linux a JVM gives all its threads the same rank,
 * whatever {@link Thread#setPriority} says, and one that works for long keeps those from its core that have little to
 * do but are waited for. Elsewhere, and where the system refuses, nothing changes. Any thread.
 */
public final class ThreadRank {
    /** A tenth of what another thread gets of the same core; less, and a collection would wait long for this thread. */
    private static final int BEHIND = 10;

    /** On Linux it is about the calling thread; elsewhere it would be about the process. */
    private static final Optional<MethodHandle> NICE =
            SystemCalls.onLinux("nice", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private ThreadRank() {}

    /** Comes after others where cores are few, and still comes on; for what works behind the appends. */
    public static void behind() {
        if (NICE.isEmpty()) {
            return;
        }
        try {
            int ignored = (int) NICE.get().invokeExact(BEHIND);
        } catch (Throwable e) {
            throw new IllegalStateException("nice cannot be called", e);
        }
    }

    /**
     * Lets those have the core who wait for it; for what computes for milliseconds, every 0.1 of them. A thread that
     * was woken may have to wait until the system looks at its core the next time, which is up to 4 ms, even where
     * another core has nothing to do: a virtual one that idles may be the host's by then, so Linux leaves it alone.
     */
    public static void giveWay() {
        Thread.yield();
    }
}

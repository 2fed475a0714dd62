package celeriant.gateway.http;

import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One event loop, and the way into it from other threads: what is handed over in a burst, such as the answers to one
 * group of appends, goes in with one hop, not one each. {@link #run} may be called on any thread; what it is given runs
 * on the loop, in the order of each caller.
 */
public final class Loop {
    private final Context context;
    private final int index;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    public Loop(Context context, int index) {
        this.context = context;
        this.index = index;
    }

    /** Its number among the gateway's loops, from 0. */
    public int index() {
        return index;
    }

    public void run(Runnable task) {
        inbox.add(task);
        if (scheduled.compareAndSet(false, true)) {
            context.runOnContext(nothing -> drain());
        }
    }

    /** Runs {@code task} after what the loop has to read and write first: for the next slice of long work. */
    public void later(Runnable task) {
        context.runOnContext(nothing -> guarded(task));
    }

    /** Runs {@code task} on the loop again and again until the gateway stops. */
    public void every(long millis, Runnable task) {
        context.runOnContext(nothing -> context.owner().setPeriodic(millis, timer -> guarded(task)));
    }

    private void drain() {
        scheduled.set(false);
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
            guarded(task);
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            Faults.report("a task of an event loop", e);
        }
    }
}

package celeriant.gateway.http;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One event loop, and the way into it from other threads: what is handed over in a burst, such as the answers to one
 * group of appends, goes in with one hop, not one each. {@link #run} may be called on any thread; what it is given runs
 * on the loop, in the order of each caller.
 */
public final class Loop {
    private final ScheduledExecutorService events;
    private final int index;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** {@code events} has one thread: an event loop of Netty, or something that is driven by hand. */
    public Loop(ScheduledExecutorService events, int index) {
        this.events = events;
        this.index = index;
    }

    /** Its number among the gateway's loops, from 0. */
    public int index() {
        return index;
    }

    public void run(Runnable task) {
        inbox.add(task);
        if (scheduled.compareAndSet(false, true)) {
            events.execute(this::drain);
        }
    }

    /** Runs {@code task} behind what is handed over already, before the loop reads and writes again. */
    public void soon(Runnable task) {
        events.execute(() -> guarded(task));
    }

    /** Runs {@code task} after what the loop has to read and write first: for the next slice of long work. */
    public void later(Runnable task) {
        // What is executed runs before the loop looks at its connections again; what is due does not.
        events.schedule(() -> guarded(task), 0, TimeUnit.NANOSECONDS);
    }

    /** Runs {@code task} in so many milliseconds. */
    public void after(long millis, Runnable task) {
        events.schedule(() -> guarded(task), millis, TimeUnit.MILLISECONDS);
    }

    /** Runs {@code task} on the loop again and again until the gateway stops. */
    public void every(long millis, Runnable task) {
        events.scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
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
        } catch (RuntimeException | Error e) {
            // Thrown on, an error would end what comes again and again for good, without a word.
            Faults.report("a task of an event loop", e);
        }
    }
}

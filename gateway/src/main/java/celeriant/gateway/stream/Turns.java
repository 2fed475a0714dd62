package celeriant.gateway.stream;

import celeriant.gateway.http.Loop;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What loops do one after the other, or only so many at once: with as many loops as processors, all of which write to
 * thousands of connections, nothing would be left for the log and for whoever reads on the same machine. Any thread.
 */
final class Turns {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    /** @param atOnce how many have their turn at the same time, at least one */
    Turns(int atOnce) {
        free = atOnce;
    }

    /** Runs {@code task} on {@code loop}, which calls this, when it is its turn: now, if one is free. */
    void take(Loop loop, Runnable task) {
        synchronized (this) {
            if (free == 0) {
                waiting.add(() -> loop.run(task));
                return;
            }
            free--;
        }
        task.run();
    }

    /** Who had a turn has had it. */
    void giveBack() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
            }
        }
        if (next != null) {
            next.run();
        }
    }
}

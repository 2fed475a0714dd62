package celeriant.simulation;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;

/** The world's time: it stands still while something happens, and then jumps to what is next. */
final class Schedule {
    private record Later(long atMillis, long number, Runnable work) implements Comparable<Later> {
        @Override
        public int compareTo(Later other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final Queue<Runnable> now = new ArrayDeque<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>();
    private long millis = 1_800_000_000_000L;
    private long number;

    long millis() {
        return millis;
    }

    /** Runs at this very time, behind what is to be run now already. */
    void soon(Runnable work) {
        now.add(work);
    }

    void in(long delayMillis, Runnable work) {
        later.add(new Later(millis + Math.max(0, delayMillis), number++, work));
    }

    /** Runs until nothing is left to do up to a time; {@code looked} is called after every step. */
    void runTo(long untilMillis, Runnable looked) {
        while (true) {
            Runnable next = now.poll();
            if (next == null) {
                Later first = later.peek();
                if (first == null || first.atMillis() > untilMillis) {
                    millis = Math.max(millis, untilMillis);
                    return;
                }
                later.poll();
                millis = Math.max(millis, first.atMillis());
                next = first.work();
            }
            next.run();
            looked.run();
        }
    }
}

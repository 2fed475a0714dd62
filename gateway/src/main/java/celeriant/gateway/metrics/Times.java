package celeriant.gateway.metrics;

import celeriant.log.Measures;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts durations by powers of four, from 65 µs to 17 s. Any thread. */
final class Times {
    private static final int LOWEST_POWER = 16;
    private static final int STEP = 2;
    private static final int BOUNDS = 10;
    private static final double SECONDS = 1e-9;

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS + 1);
    private final LongAdder nanos = new LongAdder();

    void record(long duration) {
        int power = duration <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(duration - 1);
        counts.incrementAndGet(Math.clamp((power - LOWEST_POWER + STEP - 1) / STEP, 0, BOUNDS));
        nanos.add(duration);
    }

    void show(Measures into, String name, String meaning) {
        double[] bounds = new double[BOUNDS];
        for (int i = 0; i < BOUNDS; i++) {
            bounds[i] = (1L << LOWEST_POWER + STEP * i) * SECONDS;
        }
        long[] found = new long[BOUNDS + 1];
        for (int i = 0; i < found.length; i++) {
            found[i] = counts.get(i);
        }
        into.histogram(name, meaning, bounds, found, nanos.sum() * SECONDS);
    }
}

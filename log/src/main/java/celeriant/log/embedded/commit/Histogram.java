package celeriant.log.embedded.commit;

import celeriant.log.Measures;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts values by powers of two between two bounds. A value costs a few nanoseconds. Recorded by one thread, read by
 * any.
 */
public final class Histogram {
    private final int lowest;
    private final double unit;
    private final AtomicLongArray counts;
    private final AtomicLong sum = new AtomicLong();

    /**
     * @param lowest power of two that is the first bound
     * @param highest power of two that is the last bound
     * @param unit what a value is multiplied with where it is shown
     */
    public Histogram(int lowest, int highest, double unit) {
        this.lowest = lowest;
        this.unit = unit;
        this.counts = new AtomicLongArray(highest - lowest + 2);
    }

    /** Of times in nanoseconds, shown in seconds: from 16 µs to 17 s. */
    static Histogram ofNanos() {
        return new Histogram(14, 34, 1e-9);
    }

    /** Of numbers from 1 to 65,536. */
    static Histogram ofCounts() {
        return new Histogram(0, 16, 1);
    }

    /** Of bytes from 128 to 16 MiB. */
    static Histogram ofBytes() {
        return new Histogram(7, 24, 1);
    }

    public void record(long value) {
        int power = value <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(value - 1);
        int index = Math.clamp(power - lowest, 0, counts.length() - 1);
        counts.lazySet(index, counts.getPlain(index) + 1);
        sum.lazySet(sum.getPlain() + value);
    }

    public void show(Measures into, String name, String meaning) {
        double[] bounds = new double[counts.length() - 1];
        long[] found = new long[counts.length()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = (1L << lowest + i) * unit;
        }
        for (int i = 0; i < found.length; i++) {
            found[i] = counts.get(i);
        }
        into.histogram(name, meaning, bounds, found, sum.get() * unit);
    }
}

package celeriant.bench;

import java.util.Arrays;

/**
 * Latencies of one run, kept whole: a run has a few million at most, so nothing is estimated. One thread adds; who
 * reads meanwhile sees those that were there.
 */
final class Latencies {
    private long[] nanos = new long[1 << 16];
    private int count;

    void add(long latencyNanos) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = latencyNanos;
    }

    /** All of {@code parts} together. */
    static Latencies of(Latencies... parts) {
        Latencies all = new Latencies();
        for (Latencies part : parts) {
            for (int i = 0; i < part.count; i++) {
                all.add(part.nanos[i]);
            }
        }
        return all;
    }

    int count() {
        return count;
    }

    /** The latency in milliseconds below which {@code percent} of them lie; NaN when there are none. */
    double millisAt(double percent) {
        int known = count;
        if (known == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, known);
        Arrays.sort(sorted);
        int index = (int) Math.min(known - 1L, Math.round(Math.ceil(percent / 100 * known)) - 1);
        return sorted[Math.max(0, index)] / 1e6;
    }
}

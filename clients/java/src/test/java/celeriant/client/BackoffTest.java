package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The wait after a failure")
class BackoffTest {
    private static final long[] LONGEST = {250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000};

    private static long[] waits(DoubleSupplier random) {
        Backoff backoff = new Backoff(random);
        return LongStream.range(0, LONGEST.length)
                .map(n -> backoff.nextMillis(0))
                .toArray();
    }

    @Test
    @DisplayName("doubles from 250 ms to 30 s, and lies between half of that and all of it, evenly")
    void bounds() {
        assertArrayEquals(LongStream.of(LONGEST).map(ms -> ms / 2).toArray(), waits(() -> 0));
        assertArrayEquals(LongStream.of(LONGEST).map(ms -> ms * 3 / 4).toArray(), waits(() -> 0.5));
        assertArrayEquals(LongStream.of(LONGEST).map(ms -> ms - 1).toArray(), waits(() -> 1 - 1e-9));
        Backoff often = new Backoff(() -> 0);
        long last = LongStream.range(0, 10_000).map(n -> often.nextMillis(0)).reduce(0, (before, now) -> now);
        assertEquals(15_000, last);
        int[] tenths = new int[10];
        for (int client = 0; client < 1_000; client++) {
            double chance = (client + 0.5) / 1_000;
            tenths[(int) ((waits(() -> chance)[5] - 4_000) / 400)]++;
        }
        assertArrayEquals(new int[] {100, 100, 100, 100, 100, 100, 100, 100, 100, 100}, tenths);
    }

    @Test
    @DisplayName("is never shorter than what the gateway asked for, and begins anew after a success")
    void askedFor() {
        Backoff backoff = new Backoff(() -> 0);
        assertEquals(5_000, backoff.nextMillis(5_000));
        assertEquals(250, backoff.nextMillis(100));
        assertEquals(60_000, backoff.nextMillis(60_000));
        backoff.reset();
        assertEquals(125, backoff.nextMillis(0));
    }
}

package celeriant.client;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: doubling, bounded, and spread so that many clients do not come back at once.
 */
final class Backoff {
    private final DoubleSupplier random;
    private int failures;

    /** @param random gives numbers from 0 up to, and without, 1 */
    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    /** The wait after one more failure; never shorter than what the gateway asked for, up to an hour. */
    long nextMillis(long askedForMillis) {
        int doublings = Math.min(failures++, Long.SIZE / 2);
        long longest = Math.min(ClientLimits.BACKOFF_MAX_MILLIS, ClientLimits.BACKOFF_FIRST_MILLIS << doublings);
        return Math.max(Math.min(askedForMillis, ClientLimits.RETRY_AFTER_MAX_MILLIS), (long)
                (longest * (0.5 + random.getAsDouble() / 2)));
    }

    void reset() {
        failures = 0;
    }
}

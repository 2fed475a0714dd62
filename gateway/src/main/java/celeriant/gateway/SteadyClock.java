package celeriant.gateway;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that never goes back: when the one behind it is put back, it goes on from where it was. For what is compared
 * with nothing but itself, such as the age of a nonce or the time between two heartbeats; not for what is told or kept.
 * Any thread.
 */
final class SteadyClock implements InstantSource {
    private final InstantSource clock;
    private long latestMillis = Long.MIN_VALUE;
    private long aheadMillis;

    SteadyClock(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized long millis() {
        long now = clock.millis() + aheadMillis;
        if (now < latestMillis) {
            aheadMillis += latestMillis - now;
            now = latestMillis;
        }
        latestMillis = now;
        return now;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}

package celeriant.gateway.http;

/** So many at once, and so many a second in the long run. Safe for all threads. */
final class TokenBucket {
    private static final long MILLIS_PER_SECOND = 1_000;

    private final long perSecond;
    private final long burst;
    private long thousandths;
    private long filledAtMillis;

    TokenBucket(int perSecond, int burst, long nowMillis) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.thousandths = burst * MILLIS_PER_SECOND;
        this.filledAtMillis = nowMillis;
    }

    /** Takes one, if there is one. */
    synchronized boolean take(long nowMillis) {
        fill(nowMillis);
        if (thousandths < MILLIS_PER_SECOND) {
            return false;
        }
        thousandths -= MILLIS_PER_SECOND;
        return true;
    }

    /** Whether it is as full as a new one. */
    synchronized boolean isFull(long nowMillis) {
        fill(nowMillis);
        return thousandths == burst * MILLIS_PER_SECOND;
    }

    private void fill(long nowMillis) {
        long millis = Math.clamp(nowMillis - filledAtMillis, 0, burst * MILLIS_PER_SECOND);
        thousandths = Math.min(burst * MILLIS_PER_SECOND, thousandths + millis * perSecond);
        filledAtMillis = Math.max(nowMillis, filledAtMillis);
    }
}

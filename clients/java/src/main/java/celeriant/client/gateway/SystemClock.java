package celeriant.client.gateway;

/** The machine's wall clock. */
final class SystemClock {
    private SystemClock() {}

    static long nowMillis() {
        return System.currentTimeMillis();
    }
}

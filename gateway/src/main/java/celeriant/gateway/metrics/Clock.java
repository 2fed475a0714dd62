package celeriant.gateway.metrics;

/** The time that durations are measured with. Any thread. */
final class Clock {
    private Clock() {}

    /** Nanoseconds from some moment on; never goes back. */
    static long nanos() {
        return System.nanoTime();
    }
}

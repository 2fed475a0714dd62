package celeriant.log.embedded;

/** The machine's own clock for durations. */
final class Clock {
    private Clock() {}

    /** Nanoseconds from some moment on. */
    static long nanos() {
        return System.nanoTime();
    }
}

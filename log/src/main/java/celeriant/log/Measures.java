package celeriant.log;

/**
 * Takes down what a log measures about itself: {@link EventLog#measure} calls it once per measure. Names are in snake
 * case with the unit last, and the same in every call; {@code meaning} is a sentence. Implemented by whoever shows
 * them, in whatever system; the gateway does it for Prometheus.
 */
public interface Measures {
    /** A number that rises from 0 on, from when the log was opened. */
    void counter(String name, String meaning, long value);

    /** A number as it is now. */
    void gauge(String name, String meaning, long value);

    /**
     * How often a value fell into each range since the log was opened.
     *
     * @param bounds the upper ends of the ranges, which include them, rising
     * @param counts one for each range, and one more for what was above the last bound
     * @param sum of all values
     */
    void histogram(String name, String meaning, double[] bounds, long[] counts, double sum);
}

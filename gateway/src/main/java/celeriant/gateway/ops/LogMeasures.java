package celeriant.gateway.ops;

import celeriant.log.Measures;

/** Shows what a log measures as Prometheus reads it (text format 0.0.4). Confined to one thread. */
final class LogMeasures implements Measures {
    private static final String PREFIX = "celeriant_log_";

    private final StringBuilder out;

    LogMeasures(StringBuilder out) {
        this.out = out;
    }

    @Override
    public void counter(String name, String meaning, long value) {
        single(name, "counter", meaning, value);
    }

    @Override
    public void gauge(String name, String meaning, long value) {
        single(name, "gauge", meaning, value);
    }

    private void single(String name, String type, String meaning, long value) {
        Metrics.head(out, PREFIX + name, type, meaning);
        out.append(PREFIX).append(name).append(' ').append(value).append('\n');
    }

    @Override
    public void histogram(String name, String meaning, double[] bounds, long[] counts, double sum) {
        Metrics.head(out, PREFIX + name, "histogram", meaning);
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            String bound = i < bounds.length ? Double.toString(bounds[i]) : "+Inf";
            out.append(PREFIX)
                    .append(name)
                    .append("_bucket{le=\"")
                    .append(bound)
                    .append("\"} ")
                    .append(below)
                    .append('\n');
        }
        out.append(PREFIX).append(name).append("_sum ").append(sum).append('\n');
        out.append(PREFIX).append(name).append("_count ").append(below).append('\n');
    }
}

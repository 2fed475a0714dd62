package celeriant.gateway.metrics;

import celeriant.log.Measures;

/** Text as Prometheus reads it (text format 0.0.4). Confined to one thread. */
final class Exposition implements Measures {
    private final String prefix;
    private final StringBuilder out;

    /** @param prefix before every name */
    Exposition(String prefix, StringBuilder out) {
        this.prefix = prefix;
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

    void single(String name, String type, String meaning, double value) {
        head(name, type, meaning);
        sample(name, "", value);
    }

    void head(String name, String type, String meaning) {
        out.append("# HELP ")
                .append(prefix)
                .append(name)
                .append(' ')
                .append(meaning)
                .append('\n');
        out.append("# TYPE ")
                .append(prefix)
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
    }

    /** @param labels with their braces, or "" */
    void sample(String name, String labels, double value) {
        out.append(prefix).append(name).append(labels).append(' ');
        if (value == Math.rint(value) && Math.abs(value) < Long.MAX_VALUE) {
            out.append((long) value);
        } else {
            out.append(value);
        }
        out.append('\n');
    }

    @Override
    public void histogram(String name, String meaning, double[] bounds, long[] counts, double sum) {
        head(name, "histogram", meaning);
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            String bound = i < bounds.length ? Double.toString(bounds[i]) : "+Inf";
            sample(name + "_bucket", "{le=\"" + bound + "\"}", below);
        }
        sample(name + "_sum", "", sum);
        sample(name + "_count", "", below);
    }
}

package celeriant.gateway.http;

import celeriant.gateway.access.RefusedException;
import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import celeriant.model.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A request's query, read strictly: what a parameter says wrongly is {@code bad-request} with its name; parameters that
 * nobody asks for are ignored, and those without a value. Immutable.
 */
public final class Query {
    private static final int LONG_DIGITS_MAX = 16;
    private static final Query EMPTY = new Query(Map.of());

    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    /** Reads what stands behind the question mark; null and "" are empty. */
    public static Query parse(String raw) {
        if (raw == null || raw.isEmpty()) {
            return EMPTY;
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = Percent.decode(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : Percent.decode(pair.substring(equals + 1), true);
            if (name == null || value == null) {
                throw bad(name == null ? "query" : name, "This is not well percent-encoded UTF-8.");
            }
            if (!value.isEmpty()) {
                values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
            }
        }
        return new Query(values);
    }

    /** The value of a parameter that may come once; null if it does not come. */
    public String text(String name) {
        List<String> given = values.get(name);
        if (given == null) {
            return null;
        }
        if (given.size() > 1) {
            throw bad(name, name + " is given more than once.");
        }
        return given.get(0);
    }

    /** The values of a parameter that may repeat, without repetitions, in their order. */
    public Set<String> texts(String name) {
        return new LinkedHashSet<>(values.getOrDefault(name, List.of()));
    }

    /** A whole number from {@code min} to 2^53-1. */
    public OptionalLong integer(String name, long min) {
        String text = text(name);
        if (text == null) {
            return OptionalLong.empty();
        }
        long value = wholeNumber(text);
        if (value < min) {
            throw bad(name, name + " is a whole number from " + min + " to 2^53-1.");
        }
        return OptionalLong.of(value);
    }

    public long integer(String name, long min, long otherwise) {
        return integer(name, min).orElse(otherwise);
    }

    /** {@code true} or {@code false}. */
    public boolean bool(String name, boolean otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.equals("true") && !text.equals("false")) {
            throw bad(name, name + " is true or false.");
        }
        return text.equals("true");
    }

    /** The number that {@code text} writes with digits alone; -1 if it is none or above 2^53-1. */
    public static long wholeNumber(String text) {
        if (text.isEmpty() || text.length() > LONG_DIGITS_MAX) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        return value > Limits.INTEGER_MAX ? -1 : value;
    }

    /** A fault in the parameter {@code name}. */
    public static RefusedException bad(String name, String detail) {
        return new RefusedException(Problem.of(ErrorCode.BAD_REQUEST, detail).with("parameter", name));
    }
}

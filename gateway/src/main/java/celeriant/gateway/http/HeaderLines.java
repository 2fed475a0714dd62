package celeriant.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A request's header lines as they came, looked up by name, without an object for each of them: most are never asked
 * for. Names are compared without regard to case (RFC 9110 section 5.1), values are ISO-8859-1. Immutable: any thread.
 *
 * <pre>
 * places of one line   name from │ name to │ value from │ value to
 * </pre>
 */
public final class HeaderLines {
    /** Numbers that say where one line is. */
    public static final int PLACES = 4;

    private static final int NAME_TO = 1;
    private static final int VALUE_FROM = 2;
    private static final int VALUE_TO = 3;
    private static final int CASE_BIT = 0x20;

    private final byte[] bytes;
    private final int[] places;

    /** {@code places} has {@link #PLACES} numbers for each line; neither array may change any more. */
    public HeaderLines(byte[] bytes, int[] places) {
        this.bytes = bytes;
        this.places = places;
    }

    /** Lines from names and values in turn. */
    public static HeaderLines of(List<String> namesAndValues) {
        byte[] bytes = String.join("", namesAndValues).getBytes(StandardCharsets.ISO_8859_1);
        int[] places = new int[namesAndValues.size() * 2];
        int at = 0;
        for (int i = 0; i < namesAndValues.size(); i++) {
            places[2 * i] = at;
            at += namesAndValues.get(i).length();
            places[2 * i + 1] = at;
        }
        return new HeaderLines(bytes, places);
    }

    /** The value of the first line called {@code name}; null if there is none. */
    public String first(String name) {
        int line = next(name, 0);
        return line < 0 ? null : value(line);
    }

    /** The value of the last line called {@code name}; null if there is none. */
    public String last(String name) {
        int last = -1;
        for (int line = next(name, 0); line >= 0; line = next(name, line + PLACES)) {
            last = line;
        }
        return last < 0 ? null : value(last);
    }

    /** How many lines are called {@code name}. */
    public int count(String name) {
        int count = 0;
        for (int line = next(name, 0); line >= 0; line = next(name, line + PLACES)) {
            count++;
        }
        return count;
    }

    private String value(int line) {
        int from = places[line + VALUE_FROM];
        return new String(bytes, from, places[line + VALUE_TO] - from, StandardCharsets.ISO_8859_1);
    }

    private int next(String name, int from) {
        for (int line = from; line < places.length; line += PLACES) {
            if (places[line + NAME_TO] - places[line] == name.length() && isCalled(line, name)) {
                return line;
            }
        }
        return -1;
    }

    private boolean isCalled(int line, String name) {
        int from = places[line];
        for (int i = 0; i < name.length(); i++) {
            int own = bytes[from + i];
            int asked = name.charAt(i);
            if (own != asked && ((own ^ asked) != CASE_BIT || !isLetter(own))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(int c) {
        int lower = c | CASE_BIT;
        return lower >= 'a' && lower <= 'z';
    }
}

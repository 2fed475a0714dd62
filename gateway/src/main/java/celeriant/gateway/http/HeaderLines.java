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

    /** One bit for each name that is there: what is asked for is seldom there, and need not be looked for then. */
    private final long names;

    /** Values that were asked for, each made once. A race makes one twice, which are equal. */
    private final String[] values;

    /** {@code places} has {@link #PLACES} numbers for each line; neither array may change any more. */
    public HeaderLines(byte[] bytes, int[] places) {
        this.bytes = bytes;
        this.places = places;
        this.values = new String[places.length / PLACES];
        long bits = 0;
        for (int line = 0; line < places.length; line += PLACES) {
            int from = places[line];
            int to = places[line + NAME_TO];
            bits |= from == to ? 0 : bit(to - from, bytes[from], bytes[to - 1]);
        }
        this.names = bits;
    }

    /** The bit of names of that length with these first and last letters; names that differ may share one. */
    private static long bit(int length, int first, int last) {
        return 1L << length * 5 + (first | CASE_BIT) * 3 + (last | CASE_BIT);
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

    /** The values of all lines called {@code name} as one list (RFC 9110 section 5.3); null if there is none. */
    public String list(String name) {
        String list = null;
        for (int line = next(name, 0); line >= 0; line = next(name, line + PLACES)) {
            list = list == null ? value(line) : list + ", " + value(line);
        }
        return list;
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
        String known = values[line / PLACES];
        if (known == null) {
            int from = places[line + VALUE_FROM];
            known = new String(bytes, from, places[line + VALUE_TO] - from, StandardCharsets.ISO_8859_1);
            values[line / PLACES] = known;
        }
        return known;
    }

    private int next(String name, int from) {
        if ((names & bit(name.length(), name.charAt(0), name.charAt(name.length() - 1))) == 0) {
            return -1;
        }
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

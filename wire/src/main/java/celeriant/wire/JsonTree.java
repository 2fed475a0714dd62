package celeriant.wire;

import celeriant.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a small body whole: requests about trim, presence, members, access, shares, subscriptions, and answers. Never
 * an event's data, whose numbers it would turn into doubles. Stateless: any thread.
 */
public final class JsonTree {
    /** Far deeper than any body that is read this way; keeps the recursion short. */
    public static final int DEPTH_MAX = 64;

    private JsonTree() {}

    /** Reads a whole array of bytes; see {@link #read(byte[], int, int)}. */
    public static Object read(byte[] bytes) throws BadBodyException {
        return read(bytes, 0, bytes.length);
    }

    /**
     * Reads {@code bytes[from, to)}: null, String, Boolean, Long (a whole number from 0 to 2^53-1), Double (any other
     * number), List, or Map in the order of its names.
     *
     * @throws BadBodyException for malformed JSON, a name that comes twice in an object, and nesting beyond
     *     {@link #DEPTH_MAX}
     */
    public static Object read(byte[] bytes, int from, int to) throws BadBodyException {
        JsonReader in = new JsonReader(bytes, from, to);
        Object value = value(bytes, in, "", 0);
        in.finish();
        return value;
    }

    private static Object value(byte[] bytes, JsonReader in, String pointer, int depth) throws BadBodyException {
        if (depth > DEPTH_MAX) {
            throw new BadBodyException(Problem.badRequest(pointer, "this nests too deep"));
        }
        return switch (in.peek()) {
            case '{' -> object(bytes, in, pointer, depth);
            case '[' -> array(bytes, in, pointer, depth);
            case '"' -> in.string();
            case 't', 'f' -> in.bool();
            case 'n' -> nullValue(in);
            default -> number(bytes, in);
        };
    }

    private static Map<String, Object> object(byte[] bytes, JsonReader in, String pointer, int depth)
            throws BadBodyException {
        Map<String, Object> object = new LinkedHashMap<>();
        in.beginObject();
        while (in.nextMember()) {
            String name = in.name();
            String at = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            if (object.containsKey(name)) {
                throw new BadBodyException(Problem.badRequest(at, "this is given twice"));
            }
            object.put(name, value(bytes, in, at, depth + 1));
        }
        return object;
    }

    private static List<Object> array(byte[] bytes, JsonReader in, String pointer, int depth) throws BadBodyException {
        List<Object> array = new ArrayList<>();
        in.beginArray();
        while (in.nextElement()) {
            array.add(value(bytes, in, pointer + "/" + array.size(), depth + 1));
        }
        return array;
    }

    private static Object nullValue(JsonReader in) throws BadBodyException {
        in.skipNull();
        return null;
    }

    private static Object number(byte[] bytes, JsonReader in) throws BadBodyException {
        int from = in.position();
        long integer = in.integer();
        if (integer != JsonReader.NOT_AN_INTEGER) {
            return integer;
        }
        return Double.valueOf(new String(bytes, from, in.position() - from, StandardCharsets.US_ASCII));
    }
}

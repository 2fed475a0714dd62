package celeriant.wire;

import celeriant.model.Limits;
import celeriant.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A strict pull reader of JSON (RFC 8259) over a slice of bytes.
 *
 * <p>Why one of our own: the log keeps an event's data as the text that was sent, so the reader must give exact byte
 * ranges, check every byte of them (UTF-8 too), know how deep they nest without recursion or a limit of its own, and
 * step back over a faulty append. Confined to one thread.
 *
 * <p>Use: {@link #peek} tells what comes; then exactly one of {@link #string}, {@link #integer}, {@link #skipValue},
 * {@link #beginObject} with {@link #nextMember} until false, {@link #beginArray} with {@link #nextElement} until false.
 */
final class JsonReader {
    /** What {@link #peek} gives behind the last byte. */
    static final int END = -1;

    /** What {@link #integer} gives for a number that is no whole number in 0..2^53-1. */
    static final long NOT_AN_INTEGER = -1;

    private static final int INTEGER_DIGITS_MAX = 16;

    private final byte[] in;
    private final int end;
    private int pos;
    private boolean first;
    private boolean spaced;
    private int stringFrom;
    private int stringTo;
    private boolean escaped;
    private int depth;
    private int deepest;
    private long[] objectBits = new long[4];

    JsonReader(byte[] in, int from, int to) {
        this.in = in;
        this.pos = from;
        this.end = to;
    }

    /** The next byte that is not white space, not consumed; or {@link #END}. */
    int peek() {
        while (pos < end) {
            int c = in[pos];
            if (c > ' ' || c < 0) {
                return c & 0xFF;
            }
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return c;
            }
            spaced = true;
            pos++;
        }
        return END;
    }

    /** Where the next byte stands; after {@link #peek}: where the next value begins. */
    int position() {
        return pos;
    }

    /** Back to the beginning of a value that was not read to its end. */
    void rewind(int to) {
        pos = to;
        first = false;
    }

    void beginObject() throws BadBodyException {
        begin('{', "an object");
    }

    void beginArray() throws BadBodyException {
        begin('[', "an array");
    }

    /** Steps behind the name and the colon of the next member ({@link #name}), or behind the closing brace: false. */
    boolean nextMember() throws BadBodyException {
        if (!nextInside('}')) {
            return false;
        }
        readName();
        return true;
    }

    /** Whether there is another element; if not, the closing bracket is consumed. */
    boolean nextElement() throws BadBodyException {
        return nextInside(']');
    }

    /** The name of the member that {@link #nextMember} found; known names are always the same instance. */
    String name() throws BadBodyException {
        String known = escaped ? null : KnownNames.find(in, stringFrom, stringTo);
        return known != null ? known : text();
    }

    /** Reads a string; lone surrogates that were escaped are kept as they are. */
    String string() throws BadBodyException {
        scanString();
        return text();
    }

    /** Steps over a string; {@link #stringFrom}, {@link #stringTo} and {@link #isEscaped} then describe it. */
    void scanString() throws BadBodyException {
        if (peek() != '"') {
            throw malformed("a string was expected");
        }
        pos++;
        stringFrom = pos;
        escaped = false;
        while ((pos = PlainText.end(in, pos, end)) < end) {
            int c = in[pos];
            if (c == '"') {
                stringTo = pos++;
                return;
            }
            if (c == '\\') {
                skipEscape();
            } else if (c >= 0) {
                throw malformed("a control character in a string must be escaped");
            } else {
                skipMultiByte();
            }
        }
        throw malformed("the string does not end");
    }

    int stringFrom() {
        return stringFrom;
    }

    int stringTo() {
        return stringTo;
    }

    boolean isEscaped() {
        return escaped;
    }

    /** The text of the string that was scanned last. */
    String text() throws BadBodyException {
        if (!escaped) {
            return new String(in, stringFrom, stringTo - stringFrom, StandardCharsets.UTF_8);
        }
        return JsonText.unescape(in, stringFrom, stringTo);
    }

    /** Reads a number; one with a sign, fraction or exponent, or beyond 2^53-1, gives {@link #NOT_AN_INTEGER}. */
    long integer() throws BadBodyException {
        peek();
        int from = pos;
        skipNumber();
        if (pos - from > INTEGER_DIGITS_MAX) {
            return NOT_AN_INTEGER;
        }
        long value = 0;
        for (int i = from; i < pos; i++) {
            int digit = in[i] - '0';
            if (digit < 0 || digit > 9) {
                return NOT_AN_INTEGER;
            }
            value = value * 10 + digit;
        }
        return value <= Limits.INTEGER_MAX ? value : NOT_AN_INTEGER;
    }

    /** Whether the next value is a number, going by its first byte. */
    boolean isNumberNext() {
        int c = peek();
        return c == '-' || c >= '0' && c <= '9';
    }

    /** Reads {@code true} or {@code false}, of which the first byte was seen. */
    boolean bool() throws BadBodyException {
        boolean value = peek() == 't';
        skipLiteral(value ? "true" : "false");
        return value;
    }

    /** Reads {@code null} if it is next. */
    boolean skipNull() throws BadBodyException {
        if (peek() != 'n') {
            return false;
        }
        skipLiteral("null");
        return true;
    }

    /** Steps over any value and checks all of it. Then {@link #depthOfSkipped} tells how deep it nests. */
    void skipValue() throws BadBodyException {
        peek();
        depth = 0;
        deepest = 0;
        spaced = false;
        do {
            skipToScalarEnd();
            skipClosings();
        } while (depth > 0);
    }

    /** Steps over any value and gives a copy of its text without the white space outside its strings. */
    byte[] copyValue() throws BadBodyException {
        peek();
        int from = pos;
        skipValue();
        return spaced ? JsonText.withoutSpace(in, from, pos) : Arrays.copyOfRange(in, from, pos);
    }

    /** How deep the value nested: 0 for a scalar, 1 for {@code []}. */
    int depthOfSkipped() {
        return deepest;
    }

    /** Checks that only white space is left. */
    void finish() throws BadBodyException {
        if (peek() != END) {
            throw malformed("there is something behind the JSON value");
        }
    }

    BadBodyException malformed(String what) {
        String detail = "malformed JSON at byte " + pos + ": " + what;
        return new BadBodyException(Problem.badRequest("", detail).with("offset", (long) pos));
    }

    private void begin(char opening, String what) throws BadBodyException {
        if (peek() != opening) {
            throw malformed(what + " was expected");
        }
        pos++;
        first = true;
    }

    private boolean nextInside(char closing) throws BadBodyException {
        int c = peek();
        if (c == closing) {
            pos++;
            first = false;
            return false;
        }
        if (first) {
            first = false;
            return true;
        }
        if (c != ',') {
            throw malformed("a comma or " + closing + " was expected");
        }
        pos++;
        return true;
    }

    private void readName() throws BadBodyException {
        scanString();
        if (peek() != ':') {
            throw malformed("a colon was expected");
        }
        pos++;
    }

    private void skipToScalarEnd() throws BadBodyException {
        while (true) {
            int c = peek();
            if (c == '{') {
                open(true);
                if (peek() == '}') {
                    return;
                }
                readName();
            } else if (c == '[') {
                open(false);
                if (peek() == ']') {
                    return;
                }
            } else {
                skipScalar(c);
                return;
            }
        }
    }

    /** Behind a value: closes what ends here; returns at depth 0 or where the next value is to come. */
    private void skipClosings() throws BadBodyException {
        while (depth > 0) {
            int c = peek();
            boolean object = isInObject();
            if (c == (object ? '}' : ']')) {
                pos++;
                depth--;
            } else if (c == ',') {
                pos++;
                if (object) {
                    readName();
                }
                return;
            } else {
                throw malformed("a comma or a closing bracket was expected");
            }
        }
    }

    private void skipScalar(int c) throws BadBodyException {
        switch (c) {
            case '"' -> scanString();
            case 't' -> skipLiteral("true");
            case 'f' -> skipLiteral("false");
            case 'n' -> skipLiteral("null");
            default -> skipNumber();
        }
    }

    private void open(boolean object) {
        pos++;
        int word = depth >> 6;
        if (word == objectBits.length) {
            objectBits = Arrays.copyOf(objectBits, word * 2);
        }
        long bit = 1L << depth;
        objectBits[word] = object ? objectBits[word] | bit : objectBits[word] & ~bit;
        depth++;
        deepest = Math.max(deepest, depth);
    }

    private boolean isInObject() {
        int top = depth - 1;
        return (objectBits[top >> 6] >>> top & 1) != 0;
    }

    private void skipLiteral(String literal) throws BadBodyException {
        for (int i = 0; i < literal.length(); i++) {
            if (pos == end || in[pos] != literal.charAt(i)) {
                throw malformed("a value was expected");
            }
            pos++;
        }
    }

    private void skipNumber() throws BadBodyException {
        if (pos < end && in[pos] == '-') {
            pos++;
        }
        boolean zero = pos < end && in[pos] == '0';
        int digits = skipDigits();
        if (zero && digits > 1) {
            throw malformed("a number does not begin with 0");
        }
        if (pos < end && in[pos] == '.') {
            pos++;
            skipDigits();
        }
        if (pos < end && (in[pos] | 0x20) == 'e') {
            pos++;
            if (pos < end && (in[pos] == '+' || in[pos] == '-')) {
                pos++;
            }
            skipDigits();
        }
    }

    private int skipDigits() throws BadBodyException {
        int from = pos;
        while (pos < end && in[pos] >= '0' && in[pos] <= '9') {
            pos++;
        }
        if (pos == from) {
            throw malformed(pos == end ? "the text ends too early" : "a value was expected");
        }
        return pos - from;
    }

    private void skipEscape() throws BadBodyException {
        escaped = true;
        pos++;
        int c = pos < end ? in[pos] : END;
        if (c == 'u') {
            if (JsonText.hex4(in, pos + 1, end) < 0) {
                throw malformed("\\u is followed by four hexadecimal digits");
            }
            pos += 5;
        } else if (c > 0 && "\"\\/bfnrt".indexOf(c) >= 0) {
            pos++;
        } else {
            throw malformed("there is no such escape");
        }
    }

    private void skipMultiByte() throws BadBodyException {
        int next = Utf8.next(in, pos, end);
        if (next < 0) {
            throw malformed("this is not UTF-8");
        }
        pos = next;
    }
}

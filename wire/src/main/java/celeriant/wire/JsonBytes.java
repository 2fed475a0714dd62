package celeriant.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A growable buffer that JSON text is written into, in UTF-8. It writes what it is told and checks no structure: the
 * writers of this package know theirs. Meant to be kept and cleared. Confined to one thread.
 */
public final class JsonBytes {
    private static final int CAPACITY_MIN = 256;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final VarHandle PAIR = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    /** The numbers from 0 to 99 as two digits each. */
    private static final short[] PAIRS = new short[100];

    /** 1, 10, 100 … as far as a long goes. */
    private static final long[] POWERS = new long[19];

    static {
        for (int i = 0; i < PAIRS.length; i++) {
            PAIRS[i] = (short) ('0' + i / 10 | '0' + i % 10 << 8);
        }
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = 10 * POWERS[i - 1];
        }
    }

    private static final byte[] NULL = ascii("null");
    private static final byte[] TRUE = ascii("true");
    private static final byte[] FALSE = ascii("false");

    private byte[] bytes;
    private int length;

    public JsonBytes() {
        this(CAPACITY_MIN);
    }

    public JsonBytes(int capacity) {
        bytes = new byte[Math.max(capacity, CAPACITY_MIN)];
    }

    /** A constant to hand to {@link #raw(byte[])}; ASCII only. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** How many bytes have been written. */
    public int length() {
        return length;
    }

    /** The buffer itself, valid up to {@link #length} until the next write. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Forgets everything that was written. */
    public JsonBytes clear() {
        length = 0;
        return this;
    }

    /** One ASCII character as it is. */
    public JsonBytes raw(char c) {
        ensure(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /** Bytes as they are. */
    public JsonBytes raw(byte[] source) {
        return raw(source, 0, source.length);
    }

    /** {@code source[from, to)} as it is. */
    public JsonBytes raw(byte[] source, int from, int to) {
        int count = to - from;
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    /** {@code "name":}, with a comma in front unless it opens an object. */
    public JsonBytes name(String name) {
        if (length > 0 && bytes[length - 1] != '{') {
            raw(',');
        }
        return string(name).raw(':');
    }

    /** A comma, unless the last byte opens an array. */
    public JsonBytes element() {
        return length > 0 && bytes[length - 1] != '[' ? raw(',') : this;
    }

    /** A string with its quotes; null gives {@code null}. */
    public JsonBytes string(String text) {
        if (text == null) {
            return raw(NULL);
        }
        ensure(text.length() + 2);
        bytes[length++] = '"';
        text(text);
        return raw('"');
    }

    /** The inside of a string. */
    JsonBytes text(String text) {
        int count = text.length();
        ensure(count);
        byte[] out = bytes;
        int at = length;
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                length = at;
                textSlowly(text, i);
                return this;
            }
            out[at++] = (byte) c;
        }
        length = at;
        return this;
    }

    public JsonBytes number(long value) {
        if (value < 0) {
            return raw(ascii(Long.toString(value)));
        }
        int digits = digits(value);
        ensure(digits);
        length += digits;
        int at = length;
        long rest = value;
        for (; rest >= 100; rest /= 100) {
            at -= 2;
            PAIR.set(bytes, at, PAIRS[(int) (rest % 100)]);
        }
        if (rest >= 10) {
            PAIR.set(bytes, at - 2, PAIRS[(int) rest]);
        } else {
            bytes[at - 1] = (byte) ('0' + rest);
        }
        return this;
    }

    public JsonBytes bool(boolean value) {
        return raw(value ? TRUE : FALSE);
    }

    public JsonBytes nullValue() {
        return raw(NULL);
    }

    /** A UUID in quotes, lower case. */
    public JsonBytes uuid(UUID id) {
        ensure(Uuids.CHARS + 2);
        bytes[length++] = '"';
        hex(id.getMostSignificantBits(), 60, 28);
        bytes[length++] = '-';
        hex(id.getMostSignificantBits(), 28, 12);
        bytes[length++] = '-';
        hex(id.getMostSignificantBits(), 12, -4);
        bytes[length++] = '-';
        hex(id.getLeastSignificantBits(), 60, 44);
        bytes[length++] = '-';
        hex(id.getLeastSignificantBits(), 44, -4);
        bytes[length++] = '"';
        return this;
    }

    /** Bytes as base64 with padding, in quotes. */
    public JsonBytes base64(byte[] source) {
        return raw('"').raw(Base64.getEncoder().encode(source)).raw('"');
    }

    /** A time in UTC with milliseconds, as RFC 3339 writes it, in quotes. */
    public JsonBytes time(long epochMillis) {
        ensure(Rfc3339.CHARS_MAX);
        bytes[length++] = '"';
        length = Rfc3339.write(epochMillis, bytes, length);
        bytes[length++] = '"';
        return this;
    }

    /**
     * A value off the hot path: null, String, Integer, Long, finite Double, Boolean, UUID, or a List or Map of these.
     *
     * @throws IllegalArgumentException for anything else
     */
    public JsonBytes value(Object value) {
        if (value == null) {
            return nullValue();
        } else if (value instanceof String text) {
            return string(text);
        } else if (value instanceof Long || value instanceof Integer) {
            return number(((Number) value).longValue());
        } else if (value instanceof Double number && Double.isFinite(number)) {
            return raw(ascii(number.toString()));
        } else if (value instanceof Boolean bool) {
            return bool(bool);
        } else if (value instanceof UUID id) {
            return uuid(id);
        } else if (value instanceof List<?> list) {
            raw('[');
            list.forEach(item -> element().value(item));
            return raw(']');
        } else if (value instanceof Map<?, ?> map) {
            raw('{');
            map.forEach((name, item) -> name((String) name).value(item));
            return raw('}');
        }
        throw new IllegalArgumentException("not a JSON value: " + value.getClass());
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void textSlowly(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            ensure(6);
            if (c < 0x80) {
                asciiEscaped(c);
            } else if (c < 0x800) {
                bytes[length++] = (byte) (0xC0 | c >> 6);
                bytes[length++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                bytes[length++] = (byte) (0xE0 | c >> 12);
                bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
                bytes[length++] = (byte) (0x80 | c & 0x3F);
            } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
                pair(Character.toCodePoint(c, text.charAt(++i)));
            } else {
                unicodeEscape(c);
            }
        }
    }

    private void asciiEscaped(char c) {
        switch (c) {
            case '"', '\\' -> escape(c);
            case '\n' -> escape('n');
            case '\r' -> escape('r');
            case '\t' -> escape('t');
            case '\b' -> escape('b');
            case '\f' -> escape('f');
            default -> {
                if (c < ' ') {
                    unicodeEscape(c);
                } else {
                    bytes[length++] = (byte) c;
                }
            }
        }
    }

    private void escape(char c) {
        bytes[length++] = '\\';
        bytes[length++] = (byte) c;
    }

    private void unicodeEscape(char c) {
        escape('u');
        hex(c, 12, -4);
    }

    private void pair(int codePoint) {
        bytes[length++] = (byte) (0xF0 | codePoint >> 18);
        bytes[length++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
        bytes[length++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        bytes[length++] = (byte) (0x80 | codePoint & 0x3F);
    }

    /** The hexadecimal digits of {@code bits} from the one at bit {@code high} down to above {@code low}. */
    private void hex(long bits, int high, int low) {
        for (int shift = high; shift > low; shift -= 4) {
            bytes[length++] = HEX[(int) (bits >>> shift) & 0xF];
        }
    }

    /** 1233 / 4096 is a little above the logarithm of 2 to the base 10: what it gives is right or one too few. */
    private static int digits(long value) {
        int guess = (Long.SIZE - Long.numberOfLeadingZeros(value | 1)) * 1_233 >> 12;
        return guess < POWERS.length && value >= POWERS[guess] ? guess + 1 : Math.max(guess, 1);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, more)));
        }
    }
}

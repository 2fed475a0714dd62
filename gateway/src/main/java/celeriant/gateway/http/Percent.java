package celeriant.gateway.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986 section 2.1), decoded strictly. Stateless: any thread. */
public final class Percent {
    private static final String UNRESERVED = "-._~";

    private Percent() {}

    /** The decoded text, or null if it is malformed or no UTF-8; {@code plusIsSpace} as in queries of HTML forms. */
    public static String decode(String text, boolean plusIsSpace) {
        if (isPlain(text, plusIsSpace)) {
            return text;
        }
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int value = byteAt(text, i + 1);
                if (value < 0) {
                    return null;
                }
                bytes[length++] = (byte) value;
                i += 2;
            } else if (c > '~') {
                return null;
            } else {
                bytes[length++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
            }
        }
        return utf8(bytes, length);
    }

    /**
     * The same address with unreserved characters decoded and hexadecimal digits in upper case: what two spellings of
     * one URI have in common (RFC 3986 section 6.2.2). Malformed encoding is left as it is.
     */
    public static String normalized(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int value = text.charAt(i) == '%' ? byteAt(text, i + 1) : -1;
            if (value < 0) {
                out.append(text.charAt(i));
            } else {
                if (isUnreserved((char) value)) {
                    out.append((char) value);
                } else {
                    out.append('%')
                            .append(Character.toUpperCase(text.charAt(i + 1)))
                            .append(Character.toUpperCase(text.charAt(i + 2)));
                }
                i += 2;
            }
        }
        return out.toString();
    }

    private static boolean isUnreserved(char c) {
        boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
        return alphanumeric || UNRESERVED.indexOf(c) >= 0;
    }

    private static boolean isPlain(String text, boolean plusIsSpace) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' || c > '~' || c == '+' && plusIsSpace) {
                return false;
            }
        }
        return true;
    }

    private static int byteAt(String text, int at) {
        if (at + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 || text.charAt(at) > 'f' || text.charAt(at + 1) > 'f' ? -1 : high << 4 | low;
    }

    private static String utf8(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}

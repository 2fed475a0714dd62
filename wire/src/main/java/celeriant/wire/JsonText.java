package celeriant.wire;

import java.nio.charset.StandardCharsets;

/** Transformations of JSON text that was checked before. Stateless: any thread. */
final class JsonText {
    private JsonText() {}

    /** The text of a string whose escapes were checked, without its quotes. */
    static String unescape(byte[] in, int from, int to) {
        StringBuilder out = new StringBuilder(to - from);
        int plain = from;
        int at = from;
        while (at < to) {
            if (in[at] != '\\') {
                at++;
                continue;
            }
            out.append(new String(in, plain, at - plain, StandardCharsets.UTF_8));
            if (in[at + 1] == 'u') {
                out.append((char) hex4(in, at + 2, to));
                at += 6;
            } else {
                out.append(escapedBy(in[at + 1]));
                at += 2;
            }
            plain = at;
        }
        return out.append(new String(in, plain, to - plain, StandardCharsets.UTF_8))
                .toString();
    }

    /** The value of four hexadecimal digits, or -1. */
    static int hex4(byte[] in, int from, int end) {
        if (from + 4 > end) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = hexDigit(in[i]);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** The value of one hexadecimal digit, or -1. */
    static int hexDigit(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** A copy of a checked value without the white space outside its strings. */
    static byte[] withoutSpace(byte[] in, int from, int to) {
        int length = strip(in, from, to, null);
        byte[] out = new byte[length];
        strip(in, from, to, out);
        return out;
    }

    private static int strip(byte[] in, int from, int to, byte[] out) {
        int length = 0;
        boolean inString = false;
        for (int i = from; i < to; i++) {
            byte c = in[i];
            if (!inString && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) {
                continue;
            }
            if (out != null) {
                out[length] = c;
            }
            length++;
            if (c == '"') {
                inString = !inString;
            } else if (inString && c == '\\') {
                i++;
                if (out != null) {
                    out[length] = in[i];
                }
                length++;
            }
        }
        return length;
    }

    private static char escapedBy(byte c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> (char) c;
        };
    }
}

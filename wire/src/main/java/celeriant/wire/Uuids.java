package celeriant.wire;

import java.util.UUID;

/** UUIDs as RFC 9562 writes them, in any case; {@link UUID#fromString} would take shortened ones too. Stateless. */
final class Uuids {
    static final int CHARS = 36;

    private static final String SHAPE = "00000000-0000-0000-0000-000000000000";

    private Uuids() {}

    /** The UUID in {@code in[from, to)}, or null if it is none. */
    static UUID parse(byte[] in, int from, int to) {
        if (to - from != CHARS) {
            return null;
        }
        long high = 0;
        long low = 0;
        for (int i = 0; i < CHARS; i++) {
            int c = in[from + i];
            if (SHAPE.charAt(i) == '-') {
                if (c != '-') {
                    return null;
                }
                continue;
            }
            int digit = JsonText.hexDigit(c);
            if (digit < 0) {
                return null;
            }
            if (i < CHARS / 2) {
                high = high << 4 | digit;
            } else {
                low = low << 4 | digit;
            }
        }
        return new UUID(high, low);
    }
}

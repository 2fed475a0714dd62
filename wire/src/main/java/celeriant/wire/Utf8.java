package celeriant.wire;

/**
 * Checks UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. The JSON text of an
 * event's data is stored and handed on as it came, so what is not UTF-8 must be found at the door.
 */
final class Utf8 {
    private static final int CONTINUATION_MASK = 0xC0;
    private static final int CONTINUATION = 0x80;

    private Utf8() {}

    /**
     * The index behind the multi-byte character that begins at {@code at} (a byte of 0x80 or above).
     *
     * @return -1 if it is not well formed or is cut off at {@code end}
     */
    static int next(byte[] in, int at, int end) {
        int first = in[at] & 0xFF;
        if (first < 0xC2) {
            return -1;
        }
        if (first < 0xE0) {
            return continues(in, at + 1, end) ? at + 2 : -1;
        }
        if (first < 0xF0) {
            boolean wellFormed = continues(in, at + 1, end)
                    && continues(in, at + 2, end)
                    && secondOfThreeIsInRange(first, in[at + 1] & 0xFF);
            return wellFormed ? at + 3 : -1;
        }
        boolean wellFormed = first <= 0xF4
                && continues(in, at + 1, end)
                && continues(in, at + 2, end)
                && continues(in, at + 3, end)
                && secondOfFourIsInRange(first, in[at + 1] & 0xFF);
        return wellFormed ? at + 4 : -1;
    }

    /** The bytes that {@code text} takes in UTF-8; -1 if it holds half a surrogate pair and so has no UTF-8. */
    static int length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (isPairAt(text, i)) {
                bytes += 4;
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }

    private static boolean isPairAt(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }

    private static boolean continues(byte[] in, int at, int end) {
        return at < end && (in[at] & CONTINUATION_MASK) == CONTINUATION;
    }

    private static boolean secondOfThreeIsInRange(int first, int second) {
        return first == 0xE0 ? second >= 0xA0 : first != 0xED || second < 0xA0;
    }

    private static boolean secondOfFourIsInRange(int first, int second) {
        return first == 0xF0 ? second >= 0x90 : first != 0xF4 || second < 0x90;
    }
}

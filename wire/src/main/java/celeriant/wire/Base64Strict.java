package celeriant.wire;

import java.util.Arrays;
import java.util.Base64;

/**
 * Base64 as RFC 4648 defines it and nothing else: no line breaks, no missing or superfluous padding, no set bits behind
 * the end. So one value has one spelling, which matters for tokens and proofs. Stateless.
 */
final class Base64Strict {
    private Base64Strict() {}

    /** Decodes {@code data_base64}: the standard alphabet with padding. Null if it is not that. */
    static byte[] decode(byte[] ascii, int from, int to) {
        if ((to - from) % 4 != 0) {
            return null;
        }
        return decode(Base64.getDecoder(), Base64.getEncoder(), Arrays.copyOfRange(ascii, from, to));
    }

    /** Decodes the URL-safe alphabet without padding, as JOSE uses it. Null if it is not that. */
    static byte[] decodeUrl(String text) {
        if (text.length() % 4 == 1 || text.indexOf('=') >= 0) {
            return null;
        }
        byte[] ascii = new byte[text.length()];
        for (int i = 0; i < ascii.length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return null;
            }
            ascii[i] = (byte) c;
        }
        return decode(Base64.getUrlDecoder(), Base64.getUrlEncoder().withoutPadding(), ascii);
    }

    /** The URL-safe form without padding. */
    static String encodeUrl(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decode(Base64.Decoder decoder, Base64.Encoder encoder, byte[] ascii) {
        byte[] decoded;
        try {
            decoded = decoder.decode(ascii);
        } catch (IllegalArgumentException e) {
            return null;
        }
        return sameEnd(encoder, decoded, ascii) ? decoded : null;
    }

    /** Whether the last group is spelled the one right way; the groups before it have only one. */
    private static boolean sameEnd(Base64.Encoder encoder, byte[] decoded, byte[] ascii) {
        if (ascii.length == 0) {
            return true;
        }
        int lastBytes = decoded.length % 3 == 0 ? 3 : decoded.length % 3;
        if (decoded.length < lastBytes) {
            return false;
        }
        byte[] last = encoder.encode(Arrays.copyOfRange(decoded, decoded.length - lastBytes, decoded.length));
        int from = ascii.length - last.length;
        return from >= 0 && Arrays.equals(last, 0, last.length, ascii, from, ascii.length);
    }
}

package celeriant.gateway.net;

import java.util.Arrays;

/**
 * The head that a connection sent last: who keeps a connection sends many that are the same to the byte, and then it
 * need not be read again. The first one is not kept, since a connection that carries one long stream has no other.
 * Confined to its connection.
 */
final class LatestHead {
    /** A longer one is not kept: what a connection holds at rest is bounded. */
    private static final int BYTES_MAX = 2_048;

    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private Head head;
    private boolean hasCome;

    /** The head that begins at {@code from} if it is the latest one again; else null. */
    Head again(byte[] data, int from, int to) {
        boolean isSame = head != null
                && to - from >= bytes.length
                && Arrays.equals(data, from, from + bytes.length, bytes, 0, bytes.length);
        return isSame ? head : null;
    }

    /** How many bytes the latest one has. */
    int length() {
        return bytes.length;
    }

    /** Notes a head that was read from {@code data[from, to)}. */
    void keep(Head read, byte[] data, int from, int to) {
        boolean isKept = hasCome && to - from <= BYTES_MAX;
        hasCome = true;
        head = isKept ? read : null;
        bytes = isKept ? Arrays.copyOfRange(data, from, to) : NONE;
    }
}

package celeriant.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The protocol's field names by their bytes, so that the hot path makes no String per field. Immutable: any thread. */
final class KnownNames {
    private static final String[] NAMES = {
        "after",
        "appends",
        "sequence",
        "id",
        "events",
        "expected",
        "void",
        "aggregate",
        "type",
        "typeVersion",
        "key",
        "data",
        "data_base64",
        "datacontenttype",
        "time",
        "encryption",
        "alg",
        "kid",
        "iv",
        "version",
        "position",
        "client",
        "append",
        "recordedAt"
    };
    private static final int SLOTS = 128;
    private static final String[] BY_SLOT = new String[SLOTS];
    private static final byte[][] BYTES_BY_SLOT = new byte[SLOTS][];

    static {
        for (String name : NAMES) {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            int slot = slot(bytes, 0, bytes.length);
            while (BY_SLOT[slot] != null) {
                slot = (slot + 1) % SLOTS;
            }
            BY_SLOT[slot] = name;
            BYTES_BY_SLOT[slot] = bytes;
        }
    }

    private KnownNames() {}

    /** The name that stands in {@code in[from, to)}, or null if it is none of the known ones. */
    static String find(byte[] in, int from, int to) {
        if (from == to) {
            return null;
        }
        int slot = slot(in, from, to);
        while (BY_SLOT[slot] != null) {
            byte[] known = BYTES_BY_SLOT[slot];
            if (Arrays.equals(in, from, to, known, 0, known.length)) {
                return BY_SLOT[slot];
            }
            slot = (slot + 1) % SLOTS;
        }
        return null;
    }

    private static int slot(byte[] in, int from, int to) {
        int hash = (to - from) * 31 + in[from] * 7 + in[to - 1] * 13 + in[(from + to) >>> 1] * 3;
        return hash & (SLOTS - 1);
    }
}

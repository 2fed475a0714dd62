package celeriant.log.embedded.index;

import java.util.ArrayList;
import java.util.List;

/**
 * A Bloom filter that grows: of hashes that were added it says that they may be here, of nearly all others that they
 * are not. A layer that is full is followed by one twice as large; the last that the limit allows takes all the rest,
 * and is mistaken more and more often. Each hash is looked for in one line of the processor's cache per layer. Confined
 * to who holds its lock.
 */
final class IdFilter {
    /** What all layers together take at most: 8 million ids before it begins to be mistaken often. */
    static final long BYTES_MAX = 16L << 20;

    private static final int FIRST_BYTES = 64 << 10;
    private static final int BITS_PER_ID = 16;
    private static final int BITS_SET = 6;
    private static final int LINE_LONGS = 8;
    private static final int BIT_BITS = 9;
    private static final int BIT_MASK = (1 << BIT_BITS) - 1;

    private final List<long[]> layers = new ArrayList<>();
    private long bytes;
    private long roomLeft;

    /** Memory that it takes. */
    long bytes() {
        return bytes;
    }

    void add(long hash) {
        if (mayHave(hash)) {
            return;
        }
        if (roomLeft == 0) {
            grow();
        }
        roomLeft--;
        long[] layer = layers.getLast();
        int line = line(layer, hash);
        long bits = mixed(hash);
        for (int i = 0; i < BITS_SET; i++) {
            int bit = (int) (bits >>> i * BIT_BITS) & BIT_MASK;
            layer[line + (bit >>> 6)] |= 1L << bit;
        }
    }

    private void grow() {
        long size = layers.isEmpty() ? FIRST_BYTES : layers.getLast().length * 2L * Long.BYTES;
        if (bytes + size > BYTES_MAX) {
            roomLeft = Long.MAX_VALUE;
            return;
        }
        layers.add(new long[(int) (size / Long.BYTES)]);
        bytes += size;
        roomLeft = size * Byte.SIZE / BITS_PER_ID;
    }

    boolean mayHave(long hash) {
        long bits = mixed(hash);
        for (int i = layers.size() - 1; i >= 0; i--) {
            if (hasAll(layers.get(i), line(layers.get(i), hash), bits)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasAll(long[] layer, int line, long bits) {
        for (int i = 0; i < BITS_SET; i++) {
            int bit = (int) (bits >>> i * BIT_BITS) & BIT_MASK;
            if ((layer[line + (bit >>> 6)] & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the line of a hash begins; layers are powers of two long. */
    private static int line(long[] layer, long hash) {
        return (int) (hash >>> Integer.SIZE) & layer.length - LINE_LONGS;
    }

    /** Bits that do not go with those that choose the line. */
    private static long mixed(long hash) {
        return KnownIds.mix(hash ^ BYTES_MAX);
    }
}

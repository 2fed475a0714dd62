package celeriant.log.embedded.heads;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with 128 bits (Aumasson and Bernstein, "SipHash: a fast short-input PRF"): who does not know the key
 * cannot make two names that share a hash, and by chance none do. Thread-safe.
 */
public final class KeyedHash {
    /** The 128 bits. */
    public record Hash(long high, long low) {}

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FINAL_ROUNDS = 4;

    private final long key0;
    private final long key1;

    public KeyedHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    public Hash of(byte[] bytes) {
        Rounds rounds = new Rounds(key0, key1);
        int end = bytes.length & -Long.BYTES;
        for (int at = 0; at < end; at += Long.BYTES) {
            rounds.take((long) LONG.get(bytes, at));
        }
        long last = (long) bytes.length << 56;
        for (int at = end; at < bytes.length; at++) {
            last |= (bytes[at] & 0xFFL) << (at - end) * Byte.SIZE;
        }
        rounds.take(last);
        return rounds.end();
    }

    /** The four words of the algorithm. */
    private static final class Rounds {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        Rounds(long key0, long key1) {
            v0 = key0 ^ 0x736f6d6570736575L;
            v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
            v2 = key0 ^ 0x6c7967656e657261L;
            v3 = key1 ^ 0x7465646279746573L;
        }

        public void take(long word) {
            v3 ^= word;
            round();
            round();
            v0 ^= word;
        }

        public Hash end() {
            v2 ^= 0xee;
            long first = finish();
            v1 ^= 0xdd;
            return new Hash(first, finish());
        }

        private long finish() {
            for (int i = 0; i < FINAL_ROUNDS; i++) {
                round();
            }
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void round() {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}

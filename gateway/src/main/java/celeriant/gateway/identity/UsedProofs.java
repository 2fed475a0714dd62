package celeriant.gateway.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;

/**
 * The proofs that were used, so that none is good twice. A proof's nonce lives for a while and no longer, so what is
 * older than that is forgotten in two generations; when a generation is full no proof is taken, rather than one
 * forgotten early. Any thread: the client's own stripe is locked for the look-up.
 */
final class UsedProofs {
    /** Longer than a nonce is good. */
    private static final long GENERATION_SECONDS = Nonces.LIFE_SECONDS + 60;

    private static final int STRIPES = 64;
    private static final int SLOTS_MIN = 64;

    private final Stripe[] stripes = new Stripe[STRIPES];
    private final InstantSource clock;
    private final int stripeMax;

    /** What came of using a proof. */
    enum Use {
        FIRST,
        AGAIN,
        FULL
    }

    /** @param max proofs in one generation at most */
    UsedProofs(InstantSource clock, int max) {
        this.clock = clock;
        this.stripeMax = Math.max(1, max / STRIPES);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /** Notes that the proof {@code jti} of {@code client} is used now. */
    Use use(String client, String jti) {
        ByteBuffer hash = ByteBuffer.wrap(sha256(client + "." + jti));
        long high = hash.getLong();
        long low = hash.getLong() | 1;
        return stripes[(int) (high >>> 58)].use(high, low, clock.instant().getEpochSecond() / GENERATION_SECONDS);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Two generations of hashes; {@code low} is odd, so that 0 means an empty slot. */
    private final class Stripe {
        private Hashes current = new Hashes();
        private Hashes previous = new Hashes();
        private long generation;

        synchronized Use use(long high, long low, long now) {
            if (now != generation) {
                previous = now == generation + 1 ? current : new Hashes();
                current = new Hashes();
                generation = now;
            }
            if (previous.holds(high, low) || current.holds(high, low)) {
                return Use.AGAIN;
            }
            if (current.count == stripeMax) {
                return Use.FULL;
            }
            current.add(high, low);
            return Use.FIRST;
        }
    }

    /** A set of 128-bit hashes with open addressing, two longs a slot. */
    private static final class Hashes {
        private long[] slots = new long[2 * SLOTS_MIN];
        private int count;

        boolean holds(long high, long low) {
            return slots[slot(high, low) + 1] != 0;
        }

        void add(long high, long low) {
            if (4 * (count + 1) > slots.length) {
                long[] old = slots;
                slots = new long[2 * old.length];
                for (int i = 0; i < old.length; i += 2) {
                    if (old[i + 1] != 0) {
                        put(old[i], old[i + 1]);
                    }
                }
            }
            put(high, low);
            count++;
        }

        private void put(long high, long low) {
            int slot = slot(high, low);
            slots[slot] = high;
            slots[slot + 1] = low;
        }

        /** Where the hash is, or the empty slot where it would go. */
        private int slot(long high, long low) {
            int slot = (int) (low >>> 1) * 2 & slots.length - 1;
            while (slots[slot + 1] != 0 && (slots[slot] != high || slots[slot + 1] != low)) {
                slot = slot + 2 & slots.length - 1;
            }
            return slot;
        }
    }
}

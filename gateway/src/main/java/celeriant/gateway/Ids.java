package celeriant.gateway;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;

/** Where the gateway's random ids and secrets come from. Any thread. */
final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long VERSION_SEVEN = 0x7000;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final int MILLIS_SHIFT = 16;
    private static final int FRACTION_MASK = 0xfff;
    private static final int FRACTIONS = FRACTION_MASK + 1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Ids need to differ, not to be a secret: seeded from {@link #RANDOM} once for each thread. */
    private static final ThreadLocal<SplittableRandom> NUMBERS =
            ThreadLocal.withInitial(() -> new SplittableRandom(RANDOM.nextLong()));

    private Ids() {}

    /**
     * Ids of appends that came without one, in the order of {@code clock}'s time (RFC 9562, version 7): what was
     * appended together then stands together in an index by id.
     */
    static Supplier<UUID> inOrderOf(InstantSource clock) {
        return () -> {
            Instant now = clock.instant();
            long fraction = now.getNano() % NANOS_PER_MILLI * FRACTIONS / NANOS_PER_MILLI;
            long high = now.toEpochMilli() << MILLIS_SHIFT | VERSION_SEVEN | fraction;
            return new UUID(high, NUMBERS.get().nextLong() >>> 2 | VARIANT);
        };
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}

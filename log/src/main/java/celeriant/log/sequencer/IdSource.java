package celeriant.log.sequencer;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Random ids (UUID version 4) for events, trims and deletes that come without one. They name, they protect nothing, so
 * a fast generator with a secure seed will do; a test brings a seed of its own. Confined to one thread.
 */
public final class IdSource implements Supplier<UUID> {
    private static final long VERSION_MASK = 0xFFFF_FFFF_FFFF_0FFFL;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_MASK = 0x3FFF_FFFF_FFFF_FFFFL;
    private static final long VARIANT_RFC = 0x8000_0000_0000_0000L;

    private final RandomGenerator random;

    public IdSource(RandomGenerator random) {
        this.random = random;
    }

    /** Ids that no other run gives. */
    public static IdSource seeded() {
        return new IdSource(new SplittableRandom(new SecureRandom().nextLong()));
    }

    @Override
    public UUID get() {
        long high = random.nextLong() & VERSION_MASK | VERSION_4;
        long low = random.nextLong() & VARIANT_MASK | VARIANT_RFC;
        return new UUID(high, low);
    }
}

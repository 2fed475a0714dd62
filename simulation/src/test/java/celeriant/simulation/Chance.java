package celeriant.simulation;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** All the chance of one world, from its seed. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    /** From 0 to {@code bound} - 1. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    long between(long low, long high) {
        return random.nextLong(low, high + 1);
    }

    boolean percent(int share) {
        return random.nextInt(100) < share;
    }

    double fraction() {
        return random.nextDouble();
    }

    long seed() {
        return random.nextLong();
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A random UUID, version 4. */
    UUID id() {
        return id(random);
    }

    static UUID id(SplittableRandom from) {
        long high = from.nextLong() & 0xFFFFFFFFFFFF0FFFL | 0x4000;
        return new UUID(high, from.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L);
    }
}

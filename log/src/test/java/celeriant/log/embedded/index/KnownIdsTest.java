package celeriant.log.embedded.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was added may be there, always; what was not, hardly ever. */
class KnownIdsTest {
    private static final int IDS = 300_000;

    private final KnownIds ids = new KnownIds(5);
    private final SplittableRandom random = new SplittableRandom(1);

    @BeforeEach
    void complete() {
        ids.complete();
    }

    private UUID next() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    @Test
    void untilAllWereReadAnyIdMayBeThere() {
        KnownIds young = new KnownIds(5);
        assertTrue(young.mayHave(next()));
        young.complete();
        assertFalse(young.mayHave(next()));
    }

    @Test
    void noIdIsForgottenAndFewAreMadeUp() {
        for (int i = 0; i < IDS; i++) {
            ids.add(3, next());
        }
        SplittableRandom again = new SplittableRandom(1);
        for (int i = 0; i < IDS; i++) {
            assertTrue(ids.mayHave(new UUID(again.nextLong(), again.nextLong())));
        }
        int madeUp = 0;
        for (int i = 0; i < IDS; i++) {
            madeUp += ids.mayHave(next()) ? 1 : 0;
        }
        assertTrue(madeUp < IDS / 100, madeUp + " of " + IDS);
    }

    @Test
    void idsThatCountOnAreToldApart() {
        for (int i = 0; i < IDS; i++) {
            ids.add(3, new UUID(0, 2L * i));
        }
        int madeUp = 0;
        for (int i = 0; i < IDS; i++) {
            madeUp += ids.mayHave(new UUID(0, 2L * i + 1)) ? 1 : 0;
        }
        assertTrue(madeUp < IDS / 100, madeUp + " of " + IDS);
    }

    @Test
    void theBucketBeforeTheNewestIsKeptAndOlderOnesAreNot() {
        UUID first = next();
        UUID second = next();
        UUID third = next();
        ids.add(3, first);
        ids.add(4, second);
        assertTrue(ids.mayHave(first));
        ids.add(5, third);
        assertFalse(ids.mayHave(first));
        assertTrue(ids.mayHave(second));
        ids.add(4, first);
        assertTrue(ids.mayHave(first), "the store is read from the oldest on");
        ids.add(7, next());
        assertFalse(ids.mayHave(third));
    }

    @Test
    void memoryIsBoundedAndWhatComesLaterIsKnownAllTheSame() {
        IdFilter filter = new IdFilter();
        long hashes = IdFilter.BYTES_MAX / 2 + IDS;
        for (long i = 1; i <= hashes; i++) {
            filter.add(KnownIds.mix(i));
        }
        assertTrue(filter.bytes() <= IdFilter.BYTES_MAX, filter.bytes() + " bytes");
        for (long i = hashes - IDS; i <= hashes; i++) {
            assertTrue(filter.mayHave(KnownIds.mix(i)));
        }
    }

    @Test
    void aFewIdsTakeLittle() {
        IdFilter filter = new IdFilter();
        assertEquals(0, filter.bytes());
        filter.add(1);
        assertTrue(filter.bytes() <= 64 << 10);
    }
}

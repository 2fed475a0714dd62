package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {
    private Instant now = Instant.parse("2026-02-03T04:05:06.789Z");

    @Test
    void anIdThatIsMadeLaterIsGreaterAsText() {
        UUID earlier = Ids.inOrderOf(() -> now).get();
        now = now.plusNanos(1_000);
        UUID later = Ids.inOrderOf(() -> now).get();
        assertTrue(earlier.toString().compareTo(later.toString()) < 0);
        assertEquals(7, earlier.version());
        assertEquals(2, earlier.variant());
        assertEquals(now.toEpochMilli(), earlier.getMostSignificantBits() >>> 16);
    }

    @Test
    void idsOfOneInstantDiffer() {
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            ids.add(Ids.inOrderOf(() -> now).get());
        }
        assertEquals(1_000, ids.size());
    }
}

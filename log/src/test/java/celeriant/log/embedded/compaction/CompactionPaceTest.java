package celeriant.log.embedded.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CompactionPaceTest {
    private final AtomicLong use = new AtomicLong(1);
    private final List<Long> rests = new ArrayList<>();
    private final CompactionPace pace = new CompactionPace(use::get, rests::add);

    @Test
    void restsAfterSoManyBytesWhenAppendsOrReadsCameMeanwhile() {
        use.incrementAndGet();
        pace.worked(CompactionPace.BYTES_BETWEEN_RESTS - 1);
        assertEquals(List.of(), rests);
        pace.worked(1);
        assertEquals(List.of(CompactionPace.REST_MILLIS), rests);
    }

    @Test
    void restsForAWhileAfterTheLastOfThem() {
        use.incrementAndGet();
        work(CompactionPace.RESTS_AFTER_USE + 10);
        assertEquals(CompactionPace.RESTS_AFTER_USE, rests.size());
    }

    @Test
    void doesNotRestWhenNobodyUsesTheLog() {
        work(10);
        assertEquals(List.of(), rests);
    }

    private void work(int parts) {
        for (int i = 0; i < parts; i++) {
            pace.worked(CompactionPace.BYTES_BETWEEN_RESTS);
        }
    }
}

package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.AggregateRead;
import celeriant.log.EventPage;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reading one aggregate. */
public interface ReadContract extends ContractTests {
    private static AggregateRead from(long after, int limit) {
        return new AggregateRead(after, Long.MAX_VALUE, limit, 1 << 20, Set.of());
    }

    private List<Long> versions(AggregateId aggregate, AggregateRead read) {
        return log().readAggregate(ORG, aggregate, read).events().stream()
                .map(RecordedEvent::version)
                .toList();
    }

    private void appendFive() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(OTHER, "x"), fact(BOARD, "b")));
        fixture().appended(BEN, online(2, fact(BOARD, "a"), fact(BOARD, "b"), fact(OTHER, "y"), fact(BOARD, "c")));
    }

    @Test
    default void anAggregateThatNeverExistedIsAnEmptyLastPage() {
        assertEquals(new EventPage(List.of(), 0, true, 0, 1), log().readAggregate(ORG, BOARD, from(0, 10)));
    }

    @Test
    default void anAfterAtTheLargestNumberIsAnEmptyLastPage() {
        appendFive();
        EventPage page = log().readAggregate(ORG, BOARD, from(Long.MAX_VALUE, 10));
        assertEquals(new EventPage(List.of(), Long.MAX_VALUE, true, 5, 1), page);
    }

    @Test
    default void anAggregateIsReadInTheOrderOfItsVersionsWithoutTheOthers() {
        appendFive();
        EventPage page = log().readAggregate(ORG, BOARD, from(0, 10));
        assertEquals(
                List.of("a", "b", "a", "b", "c"),
                page.events().stream().map(recorded -> recorded.event().type()).toList());
        assertEquals(
                List.of(1L, 3L, 4L, 5L, 7L),
                page.events().stream().map(RecordedEvent::position).toList());
        assertEquals(new EventPage(page.events(), 5, true, 5, 1), page);
    }

    @Test
    default void pagesGoOnWhereTheLastOneEnded() {
        appendFive();
        List<Long> versions = new ArrayList<>();
        long after = 0;
        int pages = 0;
        boolean last = false;
        while (!last) {
            EventPage page = log().readAggregate(ORG, BOARD, from(after, 2));
            page.events().forEach(recorded -> versions.add(recorded.version()));
            after = page.covered();
            last = page.last();
            pages++;
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), versions);
        assertEquals(3, pages);
    }

    @Test
    default void aPageThatEndsWithTheLastEventIsTheLast() {
        appendFive();
        assertTrue(log().readAggregate(ORG, BOARD, from(0, 5)).last());
        assertTrue(log().readAggregate(ORG, BOARD, from(3, 2)).last());
        assertFalse(log().readAggregate(ORG, BOARD, from(0, 4)).last());
    }

    @Test
    default void toIsAnInclusiveVersion() {
        appendFive();
        AggregateRead upToThree = new AggregateRead(1, 3, 10, 1 << 20, Set.of());
        assertEquals(List.of(2L, 3L), versions(BOARD, upToThree));
        EventPage page = log().readAggregate(ORG, BOARD, upToThree);
        assertEquals(3, page.covered());
        assertTrue(page.last());
        assertEquals(5, page.head());
    }

    @Test
    default void aboveTheVersionIsAnEmptyPage() {
        appendFive();
        for (long after : new long[] {5, 6, 1000}) {
            EventPage page = log().readAggregate(ORG, BOARD, from(after, 10));
            assertEquals(List.of(), page.events());
            assertTrue(page.last());
            assertEquals(5, page.head());
        }
    }

    @Test
    default void onlyTheEventTypesThatAreAskedFor() {
        appendFive();
        AggregateRead onlyB = new AggregateRead(0, Long.MAX_VALUE, 10, 1 << 20, Set.of("b", "nothing"));
        assertEquals(List.of(2L, 4L), versions(BOARD, onlyB));
        assertEquals(5, log().readAggregate(ORG, BOARD, onlyB).covered());
    }

    @Test
    default void aPageEndsAfterItsBytesButHoldsOneEvent() {
        String payload = "\"" + "x".repeat(98) + "\"";
        for (int i = 1; i <= 5; i++) {
            fixture().appended(ANA, online(i, set(BOARD, "k", payload)));
        }
        assertEquals(List.of(1L), versions(BOARD, new AggregateRead(0, Long.MAX_VALUE, 10, 1, Set.of())));
        assertEquals(List.of(2L, 3L), versions(BOARD, new AggregateRead(1, Long.MAX_VALUE, 10, 200, Set.of())));
        assertEquals(List.of(2L, 3L, 4L), versions(BOARD, new AggregateRead(1, Long.MAX_VALUE, 10, 201, Set.of())));
    }

    @Test
    default void belowATrimAPageBeginsWithTheFirstThatIsStillThereAndSaysSo() {
        appendFive();
        fixture().trim(null, BOARD, 4, true);
        EventPage page = log().readAggregate(ORG, BOARD, from(0, 10));
        assertEquals(
                List.of(4L, 5L, 6L),
                page.events().stream().map(RecordedEvent::version).toList());
        assertEquals(4, page.firstVersion());
    }

    @Test
    default void aDeletedAggregateHasNoEventsAndItsVersionStays() {
        appendFive();
        fixture().deleted(BOARD, true);
        EventPage page = log().readAggregate(ORG, BOARD, from(0, 10));
        assertEquals(List.of(), page.events());
        assertEquals(6, page.head());
        assertEquals(7, page.firstVersion());
        assertTrue(page.last());
    }
}

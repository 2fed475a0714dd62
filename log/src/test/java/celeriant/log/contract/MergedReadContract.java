package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reading the merged log of an org: order, filters, where pages end. */
public interface MergedReadContract extends ContractTests {
    AggregateId ACCESS = AggregateId.parse("$access.canvas/board");

    private static MergedRead all(long after, int limit) {
        return new MergedRead(after, Long.MAX_VALUE, limit, 1 << 20, Set.of(), Set.of(), Set.of());
    }

    private static MergedRead filtered(Set<AggregateId> aggregates, Set<String> types, Set<String> eventTypes) {
        return new MergedRead(0, Long.MAX_VALUE, 100, 1 << 20, aggregates, types, eventTypes);
    }

    private List<Long> shown(MergedRead read) {
        return fixture().merged(read).stream().map(RecordedEvent::position).toList();
    }

    private List<Long> inOnePage(MergedRead read) {
        return log().readMerged(ORG, read).events().stream()
                .map(RecordedEvent::position)
                .toList();
    }

    /** Positions 1-3, 4, 5-6, 7. */
    private void appendSeven() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(PLOT, "b"), fact(OTHER, "a")));
        fixture().appended(BEN, online(2, fact(PLOT, "a")));
        fixture().appended(ANA, online(3, fact(BOARD, "b"), fact(ACCESS, "granted")));
        fixture().appended(BEN, online(4, fact(OTHER, "c")));
    }

    @Test
    default void anEmptyOrgIsAnEmptyLastPage() {
        assertEquals(new EventPage(List.of(), 0, true, 0, 1), log().readMerged(ORG, MergedRead.after(0)));
    }

    @Test
    default void withoutFiltersEverythingShowsButTheSystemsTypes() {
        appendSeven();
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 7L), shown(all(0, 100)));
        EventPage page = log().readMerged(ORG, all(0, 100));
        assertEquals(7, page.covered());
        assertEquals(7, page.head());
        assertTrue(page.last());
    }

    @Test
    default void afterIsExclusive() {
        appendSeven();
        assertEquals(List.of(4L, 5L, 7L), shown(all(3, 100)));
        assertEquals(List.of(3L, 4L, 5L, 7L), shown(all(2, 100)), "a position inside an append, too");
        assertEquals(List.of(), shown(all(7, 100)));
    }

    @Test
    default void anAfterBeyondTheHeadIsAnEmptyPageThatTellsTheHead() {
        appendSeven();
        EventPage page = log().readMerged(ORG, all(90, 100));
        assertEquals(List.of(), page.events());
        assertEquals(7, page.head());
    }

    @Test
    default void filtersAreAnyOfAggregatesAndTypes() {
        appendSeven();
        assertEquals(List.of(1L, 5L), shown(filtered(Set.of(BOARD), Set.of(), Set.of())));
        assertEquals(List.of(2L, 4L), shown(filtered(Set.of(), Set.of("plot"), Set.of())));
        assertEquals(List.of(1L, 2L, 4L, 5L), shown(filtered(Set.of(BOARD), Set.of("plot"), Set.of())));
        assertEquals(List.of(1L, 3L, 5L, 7L), shown(filtered(Set.of(BOARD, OTHER), Set.of(), Set.of())));
        assertEquals(List.of(), shown(filtered(Set.of(AggregateId.parse("canvas/none")), Set.of(), Set.of())));
    }

    @Test
    default void andAnyOfTheEventTypes() {
        appendSeven();
        assertEquals(List.of(2L, 5L), shown(filtered(Set.of(), Set.of(), Set.of("b"))));
        assertEquals(List.of(1L, 5L), shown(filtered(Set.of(BOARD), Set.of(), Set.of("a", "b"))));
        assertEquals(List.of(4L), shown(filtered(Set.of(), Set.of("plot"), Set.of("a"))));
        assertEquals(List.of(), shown(filtered(Set.of(), Set.of(), Set.of("granted"))), "an event type names no type");
    }

    @Test
    default void theSystemsTypesShowWhenTheyAreNamed() {
        appendSeven();
        assertEquals(List.of(6L), shown(filtered(Set.of(ACCESS), Set.of(), Set.of())));
        assertEquals(List.of(6L), shown(filtered(Set.of(), Set.of("$access.canvas"), Set.of())));
        assertEquals(List.of(1L, 5L, 6L), shown(filtered(Set.of(ACCESS, BOARD), Set.of(), Set.of())));
    }

    @Test
    default void aPageEndsBetweenAppendsAndMayExceedItsLimitForThat() {
        appendSeven();
        EventPage page = log().readMerged(ORG, all(0, 1));
        assertEquals(3, page.events().size());
        assertEquals(3, page.covered());
        assertFalse(page.last());
        assertEquals(List.of(4L, 5L), inOnePage(all(3, 2)));
        assertEquals(List.of(2L, 3L, 4L), inOnePage(all(1, 3)));
    }

    @Test
    default void aPageThatIsFullAtTheHeadIsTheLast() {
        appendSeven();
        EventPage page = log().readMerged(ORG, all(6, 1));
        assertEquals(7, page.covered());
        assertTrue(page.last());
        assertEquals(new EventPage(page.events(), 7, true, 7, 1), page);
    }

    @Test
    default void whatTheFilterLeavesOutIsCoveredAndDoesNotCountForTheLimit() {
        appendSeven();
        EventPage page =
                log().readMerged(ORG, new MergedRead(0, Long.MAX_VALUE, 2, 1 << 20, Set.of(PLOT), Set.of(), Set.of()));
        assertEquals(
                List.of(2L, 4L),
                page.events().stream().map(RecordedEvent::position).toList());
        assertTrue(page.covered() >= 4);
        List<Long> rest = shown(new MergedRead(4, Long.MAX_VALUE, 2, 1 << 20, Set.of(PLOT), Set.of(), Set.of()));
        assertEquals(List.of(), rest);
    }

    @Test
    default void toIsAnInclusivePosition() {
        appendSeven();
        MergedRead upToFour = new MergedRead(1, 4, 100, 1 << 20, Set.of(), Set.of(), Set.of());
        EventPage page = log().readMerged(ORG, upToFour);
        assertEquals(
                List.of(2L, 3L, 4L),
                page.events().stream().map(RecordedEvent::position).toList());
        assertEquals(4, page.covered());
        assertEquals(7, page.head());
        assertTrue(page.last());
    }

    @Test
    default void aPageEndsAfterItsBytesBetweenAppends() {
        String payload = "\"" + "x".repeat(98) + "\"";
        for (int i = 1; i <= 4; i++) {
            fixture().appended(ANA, online(i, set(BOARD, "k", payload), set(OTHER, "k", payload)));
        }
        assertEquals(
                List.of(1L, 2L), inOnePage(new MergedRead(0, Long.MAX_VALUE, 100, 1, Set.of(), Set.of(), Set.of())));
        assertEquals(
                List.of(1L, 2L, 3L, 4L),
                inOnePage(new MergedRead(0, Long.MAX_VALUE, 100, 201, Set.of(), Set.of(), Set.of())));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L), fixture().positions());
    }

    @Test
    default void anyPageSizeGivesTheSameLog() {
        appendSeven();
        List<Long> whole = shown(all(0, 100));
        for (int limit = 1; limit <= 8; limit++) {
            assertEquals(whole, shown(all(0, limit)), "limit " + limit);
        }
    }

    @Test
    default void longHistoriesAreReadInOrderWithoutAGap() {
        int appends = 600;
        List<Long> expected = new ArrayList<>();
        for (int i = 1; i <= appends; i++) {
            fixture().appended(i % 2 == 0 ? ANA : BEN, online(i, fact(i % 3 == 0 ? BOARD : PLOT, "a")));
            expected.add((long) i);
        }
        assertEquals(expected, shown(all(0, 37)));
        Long[] boards = expected.stream().filter(position -> position % 3 == 0).toArray(Long[]::new);
        MergedRead onlyBoard = new MergedRead(0, Long.MAX_VALUE, 10, 1 << 20, Set.of(BOARD), Set.of(), Set.of());
        assertEquals(Arrays.asList(boards), shown(onlyBoard));
    }
}

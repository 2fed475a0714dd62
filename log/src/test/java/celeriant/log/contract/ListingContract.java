package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.AggregateSummary;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.LogHealth;
import celeriant.log.SnapshotOutcome;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.Problem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What there is: orgs, types, aggregates; and what a closed log says. */
public interface ListingContract extends ContractTests {
    private void appendTo(String... aggregates) {
        long id = fixture().position() + 1;
        Event[] events = new Event[aggregates.length];
        for (int i = 0; i < events.length; i++) {
            events[i] = fact(AggregateId.parse(aggregates[i]), "a");
        }
        fixture().appended(ANA, online(id, events));
    }

    private List<String> names(String type, String afterId, int limit) {
        return log().aggregates(ORG, type, afterId, limit).stream()
                .map(summary -> summary.aggregate().toString())
                .toList();
    }

    @Test
    default void anEmptyLogListsNothing() {
        assertEquals(List.of(), log().orgs());
        assertEquals(List.of(), log().types(ORG));
        assertEquals(List.of(), log().aggregates(ORG, "canvas", "", 10));
        assertEquals(List.of(), log().orgs(), "looking makes no org");
    }

    @Test
    default void orgsAreListedByName() {
        for (String org : List.of("zeta", "acme", "Beta")) {
            fixture().results(new AppendRequest(org, ANA, null, List.of(online(1, fact(BOARD, "a"))), Caller.EMBEDDER));
        }
        assertEquals(List.of("Beta", "acme", "zeta"), log().orgs());
    }

    @Test
    default void anOrgThatHoldsNothingButARejectionIsNotListed() {
        Problem fault = Problem.badRequest("/events/0/type", "no");
        fixture().results(request(ANA, Append.faulty(id(1), 1, fault)));
        assertEquals(List.of(), log().orgs());
    }

    @Test
    default void typesAreThoseOfAggregatesThatExist() {
        appendTo("plot/1", "canvas/1", "canvas/2", "$access.canvas/1", "note/1");
        assertEquals(List.of("$access.canvas", "canvas", "note", "plot"), log().types(ORG));
        fixture().deleted(AggregateId.parse("note/1"), true);
        fixture().deleted(AggregateId.parse("canvas/1"), true);
        assertEquals(List.of("$access.canvas", "canvas", "plot"), log().types(ORG));
    }

    @Test
    default void aggregatesAreListedByNameInPages() {
        appendTo("canvas/b", "canvas/a", "canvasses/x", "canvas/B", "canvas/a.1", "canvas/z~", "canva/y", "canvas/a-1");
        List<String> all = List.of("canvas/B", "canvas/a", "canvas/a-1", "canvas/a.1", "canvas/b", "canvas/z~");
        assertEquals(all, names("canvas", "", 100));
        assertEquals(all.subList(0, 2), names("canvas", "", 2));
        assertEquals(all.subList(2, 5), names("canvas", "a", 3));
        assertEquals(List.of(), names("canvas", "z~", 10));
        assertEquals(all.subList(4, 6), names("canvas", "a.2", 10), "after need not exist");
        assertEquals(List.of(), names("canv", "", 10));
    }

    @Test
    default void deletedAggregatesAreLeftOutAndComeBackWhenTheyAreCreatedAgain() {
        appendTo("canvas/a", "canvas/b", "canvas/c");
        fixture().deleted(AggregateId.parse("canvas/b"), true);
        assertEquals(List.of("canvas/a", "canvas/c"), names("canvas", "", 2));
        appendTo("canvas/b");
        assertEquals(List.of("canvas/a", "canvas/b"), names("canvas", "", 2));
    }

    @Test
    default void aRowTellsVersionFirstVersionCountAndTime() {
        fixture().clock().advance(Duration.ofMillis(17));
        long first = fixture().clock().millis();
        fixture().appended(ANA, online(1, set(BOARD, "x", "1"), set(BOARD, "x", "2"), fact(OTHER, "a")));
        fixture().clock().advance(Duration.ofMillis(5));
        fixture().trim(null, BOARD, 2, false);
        AggregateSummary board = new AggregateSummary(BOARD, 3, 2, 2, first + 5, true, true);
        AggregateSummary other = new AggregateSummary(OTHER, 1, 1, 1, first, true, true);
        assertEquals(List.of(board, other), log().aggregates(ORG, "canvas", "", 10));
        assertEquals(board, log().aggregate(ORG, BOARD).orElseThrow());
        assertEquals(other, log().aggregate(ORG, OTHER).orElseThrow());
    }

    @Test
    default void anOpenLogTakesAppends() {
        assertEquals(LogHealth.GOOD, log().health());
    }

    @Test
    default void aClosedLogAnswersBusy() {
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        log().close();
        Problem append = fixture().refused(request(ANA, online(2, fact(BOARD, "b"))));
        assertEquals(ErrorCode.BUSY, append.code());
        SnapshotOutcome.Refused snapshot =
                assertInstanceOf(SnapshotOutcome.Refused.class, fixture().snapshot(BOARD, 1, "x", false));
        assertEquals(ErrorCode.BUSY, snapshot.problem().code());
        assertFalse(log().health().takesAppends());
    }
}

package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.AggregateSummary;
import celeriant.log.Caller;
import celeriant.log.DiscardOutcome;
import celeriant.log.MergedRead;
import celeriant.log.TrimRequest;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.ExpectedVersion;
import celeriant.model.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Trimming an aggregate. */
public interface TrimContract extends ContractTests {
    private DiscardOutcome.Discarded trimmed(long before, boolean force) {
        return assertInstanceOf(DiscardOutcome.Discarded.class, fixture().trim(null, BOARD, before, force));
    }

    private ErrorCode refusal(AggregateId aggregate, long before) {
        return assertInstanceOf(DiscardOutcome.Refused.class, fixture().trim(null, aggregate, before, false))
                .problem()
                .code();
    }

    private void appendKeyed(int count) {
        for (int i = 1; i <= count; i++) {
            fixture().appended(ANA, online(i, set(BOARD, "k" + i, String.valueOf(i))));
        }
    }

    private static String text(RecordedEvent recorded) {
        return recorded.event().type() + " "
                + new String(recorded.event().data().bytes(), StandardCharsets.UTF_8);
    }

    @Test
    default void aTrimIsAnEventOfTheAggregateWithAVersionAndAPosition() {
        appendKeyed(4);
        assertEquals(new DiscardOutcome.Discarded(5, 5), trimmed(3, false));
        List<RecordedEvent> events = fixture().merged(MergedRead.after(0));
        assertEquals(
                List.of(3L, 4L, 5L),
                events.stream().map(RecordedEvent::position).toList());
        assertEquals("$trimmed {\"firstVersion\":3}", text(events.get(2)));
        assertEquals(BOARD, events.get(2).event().aggregate());
        assertEquals(5, events.get(2).version());
        assertEquals(ANA, events.get(2).client());
        AggregateSummary summary = log().aggregate(ORG, BOARD).orElseThrow();
        assertEquals(3, summary.firstVersion());
        assertEquals(5, summary.version());
        assertEquals(3, summary.count());
        assertTrue(summary.exists());
    }

    @Test
    default void registersSurviveATrim() {
        appendKeyed(3);
        trimmed(4, false);
        assertEquals(
                List.of("k1", "k2", "k3"),
                List.copyOf(log().state(ORG, BOARD).orElseThrow().registers().keySet()));
        assertEquals(1, log().register(ORG, BOARD, "k1").orElseThrow().version());
    }

    @Test
    default void everythingUpToTheCurrentVersionMayBeTrimmed() {
        appendKeyed(3);
        assertEquals(new DiscardOutcome.Discarded(4, 4), trimmed(4, false));
        assertEquals(List.of(4L), fixture().positions());
        assertEquals(new DiscardOutcome.Discarded(4, 4), trimmed(4, false), "what is trimmed already records nothing");
        fixture().appended(ANA, online(9, set(BOARD, "k9", "9")));
        assertEquals(List.of(4L, 5L), fixture().positions());
    }

    @Test
    default void aTrimThatRemovesNothingRecordsNothing() {
        appendKeyed(3);
        assertEquals(new DiscardOutcome.Discarded(3, 3), trimmed(1, false));
        trimmed(3, false);
        assertEquals(new DiscardOutcome.Discarded(4, 4), trimmed(2, false));
        assertEquals(4, fixture().position());
    }

    @Test
    default void aTrimNamesAVersionThatThereIs() {
        assertEquals(ErrorCode.NOT_FOUND, refusal(BOARD, 1));
        appendKeyed(3);
        assertEquals(ErrorCode.BAD_REQUEST, refusal(BOARD, 5));
        assertEquals(ErrorCode.BAD_REQUEST, refusal(BOARD, 0));
        assertEquals(ErrorCode.NOT_FOUND, refusal(OTHER, 1));
        fixture().deleted(BOARD, true);
        assertEquals(ErrorCode.NOT_FOUND, refusal(BOARD, 2));
    }

    @Test
    default void keylessEventsAreNotTrimmedUnlessASnapshotCoversThemOrByForce() {
        fixture().appended(ANA, online(1, set(BOARD, "x", "1"), fact(BOARD, "noted"), set(BOARD, "x", "2")));
        assertEquals(new DiscardOutcome.Discarded(4, 4), trimmed(2, false));
        assertEquals(ErrorCode.KEYLESS_EVENTS, refusal(BOARD, 3));
        assertEquals(ErrorCode.KEYLESS_EVENTS, refusal(BOARD, 4));
        fixture().snapshot(BOARD, 2, "two", false);
        assertEquals(new DiscardOutcome.Discarded(5, 5), trimmed(4, false));
        assertTrue(log().snapshot(ORG, BOARD).isPresent());
    }

    @Test
    default void tombstonesThemselvesAreNoReasonAgainstATrim() {
        appendKeyed(3);
        trimmed(2, false);
        assertEquals(new DiscardOutcome.Discarded(5, 5), trimmed(5, false));
        assertEquals(List.of(4L, 5L), fixture().positions(), "tombstones stay in the merged log");
        assertEquals(5, log().aggregate(ORG, BOARD).orElseThrow().firstVersion());
    }

    @Test
    default void forceDropsKeylessEventsAndTheSnapshotThatDoesNotCoverThem() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b"), fact(BOARD, "c")));
        fixture().snapshot(BOARD, 1, "one", false);
        assertEquals(ErrorCode.KEYLESS_EVENTS, refusal(BOARD, 3));
        assertEquals(new DiscardOutcome.Discarded(4, 4), trimmed(3, true));
        assertTrue(log().snapshot(ORG, BOARD).isEmpty());
        assertNull(log().state(ORG, BOARD).orElseThrow().snapshot());
        RecordedEvent tombstone = fixture().merged(MergedRead.after(3)).get(0);
        assertEquals("$trimmed {\"firstVersion\":3,\"snapshot\":false}", text(tombstone));
        fixture().snapshot(BOARD, 3, "three", false);
        assertTrue(log().snapshot(ORG, BOARD).isPresent());
    }

    @Test
    default void forceWithinTheSnapshotKeepsIt() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b"), fact(BOARD, "c")));
        fixture().snapshot(BOARD, 2, "two", false);
        trimmed(3, true);
        assertEquals(2, log().snapshot(ORG, BOARD).orElseThrow().version());
    }

    @Test
    default void aTrimMayExpectAVersion() {
        appendKeyed(4);
        DiscardOutcome.Refused refused = assertInstanceOf(DiscardOutcome.Refused.class, trimAt(3));
        assertEquals(ErrorCode.VERSION_CONFLICT, refused.problem().code());
        assertEquals(4L, refused.problem().fields().get("actual"));
        assertEquals(4, fixture().position());
        assertEquals(new DiscardOutcome.Discarded(5, 5), trimAt(4));
    }

    private DiscardOutcome trimAt(long version) {
        return await(log().trim(new TrimRequest(
                ORG, ANA, null, BOARD, ExpectedVersion.of(version), 2, false, Caller.EMBEDDER)));
    }

    @Test
    default void aTrimRepeatedWithItsIdGetsTheSameAnswer() {
        appendKeyed(4);
        DiscardOutcome first = fixture().trim(id(70), BOARD, 3, false);
        fixture().appended(BEN, online(71, set(BOARD, "x", "1")));
        assertEquals(first, fixture().trim(id(70), BOARD, 3, false));
        assertEquals(6, fixture().position());
    }

    @Test
    default void theIdOfAnotherRequestIsRefused() {
        appendKeyed(4);
        fixture().appended(ANA, online(70, fact(OTHER, "a")));
        DiscardOutcome.Refused refused =
                assertInstanceOf(DiscardOutcome.Refused.class, fixture().trim(id(70), BOARD, 3, false));
        assertEquals(ErrorCode.BAD_REQUEST, refused.problem().code());
    }

    @Test
    default void theIdOfAnAppendToTheSameAggregateOrOfAnotherTrimIsRefused() {
        fixture().appended(ANA, online(70, set(BOARD, "x", "1"), set(BOARD, "x", "2"), set(BOARD, "x", "3")));
        assertInstanceOf(DiscardOutcome.Refused.class, fixture().trim(id(70), BOARD, 2, false));
        assertInstanceOf(DiscardOutcome.Discarded.class, fixture().trim(id(71), BOARD, 2, false));
        assertInstanceOf(DiscardOutcome.Refused.class, fixture().trim(id(71), BOARD, 3, false));
        assertInstanceOf(
                DiscardOutcome.Refused.class, fixture().delete(id(71), BOARD, new ExpectedVersion.Any(), true));
        assertEquals(4, fixture().position());
    }

    @Test
    default void aTombstonePassesWhateverTheEventTypesWhenItsAggregateFallsUnderTheFilter() {
        appendKeyed(3);
        fixture().appended(ANA, online(20, fact(PLOT, "a")));
        trimmed(2, false);
        MergedRead board = new MergedRead(0, Long.MAX_VALUE, 9, 1 << 20, Set.of(BOARD), Set.of(), Set.of("never"));
        assertEquals(
                List.of(5L),
                fixture().merged(board).stream().map(RecordedEvent::position).toList());
        MergedRead plot = new MergedRead(0, Long.MAX_VALUE, 9, 1 << 20, Set.of(PLOT), Set.of(), Set.of("never"));
        assertEquals(List.of(), fixture().merged(plot));
    }
}

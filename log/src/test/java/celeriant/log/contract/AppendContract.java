package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.MergedRead;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.Encryption;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.Problem;
import celeriant.model.RecordedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Appending: places in the two orders, all or nothing, expected versions. */
public interface AppendContract extends ContractTests {
    @Test
    default void positionsAndVersionsAreDenseFromOne() {
        assertEquals(
                new AppendResult.Appended(id(1), 0, 1, 2, Map.of(BOARD, 2L)),
                fixture().result(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b"))));
        assertEquals(
                new AppendResult.Appended(id(2), 0, 3, 3, Map.of(OTHER, 1L)),
                fixture().result(BEN, online(2, fact(OTHER, "c"))));
        assertEquals(
                new AppendResult.Appended(id(3), 0, 4, 4, Map.of(BOARD, 3L)),
                fixture().result(BEN, online(3, fact(BOARD, "d"))));
        assertEquals(List.of(1L, 2L, 3L, 4L), fixture().positions());
    }

    @Test
    default void oneAppendMayWriteToSeveralAggregates() {
        AppendResult.Appended result =
                fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(PLOT, "b"), fact(BOARD, "c")));
        assertEquals(Map.of(BOARD, 2L, PLOT, 1L), result.versions());
        assertEquals(1, result.firstPosition());
        assertEquals(3, result.lastPosition());
        assertEquals(
                List.of(1L, 1L, 2L),
                fixture().merged(MergedRead.after(0)).stream()
                        .map(RecordedEvent::version)
                        .toList());
    }

    @Test
    default void everythingThatAnEventSaysComesBackAsItWasSent() {
        Event full = new Event(
                id(77),
                BOARD,
                "painted",
                "1.2",
                "käse,🧀",
                new EventData(EventData.Form.BINARY, new byte[] {0, -1, 7}, "image/x"),
                "2026-02-03T04:05:06.789+01:00",
                new Encryption("A256GCM", "k1", "aXY"));
        fixture().clock().advance(Duration.ofMillis(1234));
        fixture().appended(ANA, numbered(1, full));
        long recordedAt = fixture().clock().millis();
        assertEquals(
                List.of(new RecordedEvent(full, 1, 1, ANA, id(1), 1, recordedAt)),
                fixture().merged(MergedRead.after(0)));
    }

    @Test
    default void eventsWithoutAnIdAreGivenDifferentOnes() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b")));
        List<UUID> ids = fixture().merged(MergedRead.after(0)).stream()
                .map(recorded -> recorded.event().id())
                .toList();
        assertEquals(2, ids.size());
        assertNotEquals(ids.get(0), ids.get(1));
    }

    @Test
    default void appendsOfARequestAreSettledInOrderEachForItself() {
        Append conflicting = expecting(2, Map.of(BOARD, 9L), fact(BOARD, "b"), fact(PLOT, "c"));
        Append faulty = Append.faulty(id(3), 0, Problem.badRequest("/events/0/type", "no"));
        List<AppendResult> results = fixture()
                .results(request(ANA, online(1, fact(BOARD, "a")), conflicting, faulty, online(4, fact(BOARD, "d"))));
        assertEquals(new AppendResult.Appended(id(1), 0, 1, 1, Map.of(BOARD, 1L)), results.get(0));
        assertEquals(new AppendResult.Conflict(id(2), BOARD, 9, 1), results.get(1));
        assertEquals(new AppendResult.Rejected(id(3), 0, faulty.fault()), results.get(2));
        assertEquals(new AppendResult.Appended(id(4), 0, 2, 2, Map.of(BOARD, 2L)), results.get(3));
        assertTrue(log().aggregate(ORG, PLOT).isEmpty(), "nothing of a conflicting append is recorded");
    }

    @Test
    default void laterAppendsOfARequestSeeTheEarlierOnes() {
        List<AppendResult> results = fixture()
                .results(request(
                        ANA,
                        expecting(1, Map.of(BOARD, 0L), fact(BOARD, "a")),
                        expecting(2, Map.of(BOARD, 0L), fact(BOARD, "b")),
                        expecting(3, Map.of(BOARD, 1L), fact(BOARD, "c"))));
        assertInstanceOf(AppendResult.Appended.class, results.get(0));
        assertEquals(new AppendResult.Conflict(id(2), BOARD, 0, 1), results.get(1));
        assertInstanceOf(AppendResult.Appended.class, results.get(2));
    }

    @Test
    default void anExpectedVersionMustBeExact() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b")));
        for (long wrong : new long[] {1, 3, 0}) {
            assertEquals(
                    new AppendResult.Conflict(id(2), BOARD, wrong, 2),
                    fixture().result(BEN, expecting(2, Map.of(BOARD, wrong), fact(BOARD, "c"))));
        }
        fixture().appended(BEN, expecting(2, Map.of(BOARD, 2L), fact(BOARD, "c")));
    }

    @Test
    default void expectedVersionsMayNameAggregatesThatAreNotWrittenTo() {
        fixture().appended(ANA, online(1, fact(PLOT, "a")));
        assertEquals(
                new AppendResult.Conflict(id(2), PLOT, 2, 1),
                fixture().result(ANA, expecting(2, Map.of(PLOT, 2L, OTHER, 0L), fact(BOARD, "b"))));
        fixture().appended(ANA, expecting(2, Map.of(PLOT, 1L, OTHER, 0L), fact(BOARD, "b")));
        assertEquals(1, log().aggregate(ORG, PLOT).orElseThrow().version());
        assertTrue(log().aggregate(ORG, OTHER).isEmpty());
    }

    @Test
    default void ofSeveralExpectedVersionsThatFailTheFirstByNameIsTold() {
        AggregateId first = AggregateId.parse("a/1");
        AggregateId second = AggregateId.parse("a/2");
        AggregateId third = AggregateId.parse("b/0");
        assertEquals(
                new AppendResult.Conflict(id(1), first, 3, 0),
                fixture().result(ANA, expecting(1, Map.of(third, 3L, second, 3L, first, 3L), fact(BOARD, "a"))));
    }

    @Test
    default void aConflictSettlesNothing() {
        fixture().result(ANA, expecting(1, Map.of(BOARD, 5L), fact(BOARD, "a")));
        assertEquals(0, fixture().position());
        fixture().appended(ANA, expecting(1, Map.of(BOARD, 0L), fact(BOARD, "a")));
    }

    @Test
    default void orgsAreAWallOfTheirOwn() {
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        AppendRequest elsewhere = new AppendRequest(
                "globex", ANA, null, List.of(Append.sequenced(id(50), 1, List.of(fact(BOARD, "b")))), Caller.EMBEDDER);
        assertEquals(
                List.of(new AppendResult.Appended(id(50), 1, 1, 1, Map.of(BOARD, 1L))),
                fixture().results(elsewhere));
        assertEquals(1, log().head(ORG).position());
        assertEquals(1, log().head("globex").position());
        assertEquals("a", fixture().merged(MergedRead.after(0)).get(0).event().type());
        assertEquals(0, log().head("initech").position());
        assertEquals("", log().head("initech").hash());
    }

    @Test
    default void applicationsCannotForgeTombstones() {
        for (String type : List.of("$deleted", "$trimmed")) {
            AppendResult.Rejected rejected = assertInstanceOf(
                    AppendResult.Rejected.class, fixture().result(ANA, online(1, fact(BOARD, "a"), fact(BOARD, type))));
            assertEquals(ErrorCode.BAD_REQUEST, rejected.problem().code());
            assertEquals("/events/1/type", rejected.problem().fields().get("pointer"));
        }
        assertEquals(0, fixture().position());
    }
}

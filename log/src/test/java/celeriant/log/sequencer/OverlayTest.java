package celeriant.log.sequencer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.Admission;
import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.DiscardOutcome;
import celeriant.log.OutcomeUnknownException;
import celeriant.log.SnapshotOutcome;
import celeriant.log.SnapshotRequest;
import celeriant.log.TrimRequest;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import celeriant.model.Limits;
import celeriant.model.Problem;
import celeriant.model.Register;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Deciding before anything is durable: an overlay on an empty log, and one overlay on another. */
class OverlayTest {
    private static final String ORG = "acme";
    private static final ClientId ANA = new ClientId("ana");
    private static final AggregateId BOARD = AggregateId.parse("canvas/board");
    private static final long NOW = 1000;

    private final Sequencer sequencer = new Sequencer(Admission.OPEN, new IdSource(new SplittableRandom(1)));
    private final Overlay first = new Overlay(new EmptyView(0));

    /** A log that holds nothing, whose positions begin behind {@code position}. */
    private record EmptyView(long position) implements LogView {
        @Override
        public OrgHead orgHead(String org) {
            return new OrgHead(position, new byte[HashChain.BYTES]);
        }

        @Override
        public ClientHead clientHead(String org, ClientId client) {
            return null;
        }

        @Override
        public SettledAppend settled(String org, ClientId client, long sequence) {
            return null;
        }

        @Override
        public SettledAppend.Recorded recordedById(String org, ClientId client, UUID id) {
            return null;
        }

        @Override
        public AggregateHead aggregateHead(String org, AggregateId aggregate) {
            return AggregateHead.ABSENT;
        }

        @Override
        public Optional<Register> register(String org, AggregateId aggregate, String key) {
            return Optional.empty();
        }

        @Override
        public boolean hasKeyless(String org, AggregateId aggregate, long afterVersion, long beforeVersion) {
            return false;
        }
    }

    private static Event event(String key, String json) {
        return Event.keyed(BOARD, "set", key, EventData.json(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static AppendRequest request(Append... appends) {
        return new AppendRequest(ORG, ANA, null, List.of(appends), Caller.EMBEDDER);
    }

    private static Append sequenced(long sequence, Event... events) {
        return Append.sequenced(new UUID(1, sequence), sequence, List.of(events));
    }

    private static Append online(long id, Event... events) {
        return Append.online(new UUID(2, id), List.of(events), Map.of());
    }

    private AppendResult decide(Overlay view, Append append) {
        Decision<AppendOutcome> decision = sequencer.decide(view, request(append), NOW);
        return assertInstanceOf(AppendOutcome.Settled.class, decision.answer())
                .results()
                .get(0);
    }

    private DiscardOutcome delete(Overlay view) {
        return sequencer
                .decide(
                        view,
                        new DeleteRequest(ORG, ANA, null, BOARD, new ExpectedVersion.Any(), true, Caller.EMBEDDER),
                        NOW)
                .answer();
    }

    private DiscardOutcome trim(Overlay view, long before) {
        TrimRequest request =
                new TrimRequest(ORG, ANA, null, BOARD, new ExpectedVersion.Any(), before, false, Caller.EMBEDDER);
        return sequencer.decide(view, request, NOW).answer();
    }

    @Test
    void aDuplicateOfWhatIsNotYetDurableIsKnown() {
        decide(first, sequenced(1, event("x", "1")));
        decide(first, online(5, event("x", "2")));
        assertInstanceOf(AppendResult.Duplicate.class, decide(first, sequenced(1, event("x", "1"))));
        assertInstanceOf(AppendResult.Duplicate.class, decide(first, online(5, event("x", "2"))));
        Overlay second = first.next();
        assertInstanceOf(AppendResult.Duplicate.class, decide(second, sequenced(1, event("x", "1"))));
        assertInstanceOf(AppendResult.Duplicate.class, decide(second, online(5, event("x", "2"))));
    }

    @Test
    void anOverlayLeavesWhatIsBelowItAlone() {
        decide(first, sequenced(1, event("x", "1")));
        Overlay second = first.next();
        decide(second, sequenced(2, event("x", "2"), event("y", "2")));
        delete(second);
        assertEquals(1, first.orgHead(ORG).position());
        assertEquals(1, first.aggregateHead(ORG, BOARD).version());
        assertEquals(1, first.clientHead(ORG, ANA).sequence());
        assertTrue(first.register(ORG, BOARD, "x").isPresent());
        assertFalse(second.aggregateHead(ORG, BOARD).exists());
    }

    @Test
    void whatADeleteHidesBelowStaysHiddenWhenTheAggregateIsCreatedAgain() {
        decide(first, online(1, event("x", "1"), event(null, "1")));
        Overlay second = first.next();
        delete(second);
        decide(second, online(2, event("y", "1")));
        assertTrue(second.register(ORG, BOARD, "x").isEmpty());
        assertTrue(second.register(ORG, BOARD, "y").isPresent());
        assertFalse(second.hasKeyless(ORG, BOARD, 0, 100));
    }

    @Test
    void whatWasDecidedAndDeletedInTheSameGroupIsGone() {
        decide(first, online(1, event("x", "1")));
        delete(first);
        assertTrue(first.register(ORG, BOARD, "x").isEmpty());
        decide(first, online(2, event("y", "1")));
        assertTrue(first.register(ORG, BOARD, "x").isEmpty());
        assertEquals(3, first.register(ORG, BOARD, "y").orElseThrow().version());
    }

    @Test
    void registersAreLookedForFromTheLatestEventDown() {
        decide(first, online(1, event("x", "1"), event("y", "1")));
        Overlay second = first.next();
        decide(second, online(2, event("x", "2"), event("x", "3"), event("y", "null")));
        assertEquals(4, second.register(ORG, BOARD, "x").orElseThrow().version());
        assertTrue(second.register(ORG, BOARD, "y").isEmpty());
        assertEquals(2, first.register(ORG, BOARD, "y").orElseThrow().version());
    }

    @Test
    void keylessEventsAreFoundInTheGroupAndBelow() {
        decide(first, online(1, event("x", "1"), event(null, "1")));
        Overlay second = first.next().next();
        assertTrue(second.hasKeyless(ORG, BOARD, 0, 3));
        assertFalse(second.hasKeyless(ORG, BOARD, 0, 2));
        assertFalse(second.hasKeyless(ORG, BOARD, 2, 3));
        decide(second, online(2, event("x", "2"), event(null, "2")));
        assertTrue(second.hasKeyless(ORG, BOARD, 2, 5));
        assertInstanceOf(DiscardOutcome.Refused.class, trim(second, 3));
        assertInstanceOf(DiscardOutcome.Discarded.class, trim(second, 2));
    }

    @Test
    void aSnapshotInTheSameGroupLetsATrimPass() {
        decide(first, online(1, event(null, "1"), event(null, "2")));
        SnapshotRequest request = new SnapshotRequest(
                ORG, BOARD, 2, "text/plain", new byte[1], false, new ExpectedVersion.Any(), Caller.EMBEDDER);
        assertEquals(
                new SnapshotOutcome.Stored(false),
                sequencer.decide(first, request, NOW).answer());
        assertInstanceOf(DiscardOutcome.Discarded.class, trim(first.next(), 3));
    }

    @Test
    void whatWasBelowMayBecomeDurableUnderIt() {
        decide(first, online(1, event("x", "1")));
        Overlay second = first.next();
        decide(second, online(2, event("y", "1")));
        Overlay durable = new Overlay(new EmptyView(0));
        decide(durable, online(1, event("x", "1")));
        decide(durable, sequenced(1, event("z", "1")));
        second.standOn(durable);
        assertEquals(2, second.aggregateHead(ORG, BOARD).version());
        assertTrue(second.register(ORG, BOARD, "x").isPresent());
        assertTrue(second.register(ORG, BOARD, "z").isPresent(), "it is looked for in what it stands on now");
    }

    @Test
    void whatTheNextGroupLooksUpIsNotRememberedBelow() {
        Overlay second = first.next();
        assertEquals(0, second.aggregateHead(ORG, BOARD).version());
        assertNull(first.known(ORG));
    }

    @Test
    void whenTheOrgsPositionsAreUsedUpNothingMoreIsRecorded() {
        Overlay full = new Overlay(new EmptyView(Limits.INTEGER_MAX - 1));
        Decision<AppendOutcome> decision = sequencer.decide(
                full, request(online(1, event("x", "1")), online(2, event("x", "2")), online(3, event("x", "3"))), NOW);
        assertEquals(1, decision.records().size());
        assertInstanceOf(OutcomeUnknownException.class, decision.failure());
        assertEquals(Limits.INTEGER_MAX, full.orgHead(ORG).position());
    }

    @Test
    void theRecordsOfARequestAreOneForEachSettledAppend() {
        Append voided = Append.faulty(new UUID(1, 2), 2, Problem.of(ErrorCode.VOID, "given up"));
        Decision<AppendOutcome> decision = sequencer.decide(
                first, request(sequenced(1, event("x", "1")), voided, sequenced(3, event("x", "2"))), NOW);
        assertEquals(
                List.of(AppendRecord.class, RejectionRecord.class, AppendRecord.class),
                decision.records().stream().map(Object::getClass).toList());
        Overlay rebuilt = new Overlay(new EmptyView(0));
        decision.records().forEach(rebuilt::apply);
        assertEquals(first.orgHead(ORG).position(), rebuilt.orgHead(ORG).position());
        assertEquals(first.aggregateHead(ORG, BOARD), rebuilt.aggregateHead(ORG, BOARD));
        assertEquals(first.clientHead(ORG, ANA), rebuilt.clientHead(ORG, ANA));
    }
}

package celeriant.log.contract;

import static celeriant.log.contract.LogFixture.*;
import static org.junit.jupiter.api.Assertions.*;

import celeriant.log.LogHead;
import celeriant.log.MergedRead;
import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.HashChain;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import celeriant.model.RecordedEvent;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The chain by which a log that was changed or set back is found out. */
public interface HashChainContract extends ContractTests {
    @Test
    default void everyAppendExtendsTheChain() {
        assertEquals(Optional.of(""), log().hashAt(ORG, 0));
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        LogHead first = log().head(ORG);
        fixture().appended(ANA, online(2, fact(BOARD, "b")));
        LogHead second = log().head(ORG);
        assertEquals(64, first.hash().length());
        assertNotEquals(first.hash(), second.hash());
        assertEquals(first.logId(), second.logId());
        assertFalse(first.logId().isEmpty());
        assertEquals(Optional.of(first.hash()), log().hashAt(ORG, 1));
        assertEquals(Optional.of(second.hash()), log().hashAt(ORG, 2));
    }

    @Test
    default void beyondTheHeadThereIsNoHash() {
        assertTrue(log().hashAt(ORG, 1).isEmpty());
        fixture().appended(ANA, online(1, fact(BOARD, "a")));
        assertTrue(log().hashAt(ORG, 2).isEmpty());
    }

    @Test
    default void aPositionInsideAnAppendHasTheHashBeforeIt() {
        fixture().appended(ANA, online(1, fact(BOARD, "a"), fact(BOARD, "b")));
        fixture().appended(ANA, online(2, fact(BOARD, "c"), fact(BOARD, "d"), fact(BOARD, "e")));
        assertEquals(Optional.of(""), log().hashAt(ORG, 1));
        assertEquals(log().hashAt(ORG, 2), log().hashAt(ORG, 3));
        assertEquals(log().hashAt(ORG, 2), log().hashAt(ORG, 4));
        assertNotEquals(log().hashAt(ORG, 2), log().hashAt(ORG, 5));
    }

    @Test
    default void whatTakesNoPositionLeavesTheChainAlone() {
        fixture().appended(ANA, numbered(1, fact(BOARD, "a")));
        LogHead before = log().head(ORG);
        fixture().result(ANA, Append.faulty(id(2), 2, Problem.of(ErrorCode.VOID, "given up")));
        fixture().snapshot(BOARD, 1, "one", false);
        fixture().result(ANA, numbered(1, fact(BOARD, "a")));
        assertEquals(before, log().head(ORG));
    }

    @Test
    default void aTrimKeepsTheHashesOfWhatIsGone() {
        fixture().appended(ANA, online(1, set(BOARD, "x", "1")));
        fixture().appended(ANA, online(2, set(BOARD, "x", "2")));
        Optional<String> first = log().hashAt(ORG, 1);
        fixture().trim(null, BOARD, 3, false);
        assertEquals(first, log().hashAt(ORG, 1));
    }

    @Test
    default void whoeverReadsTheWholeLogCanRecomputeTheChain() {
        fixture().appended(ANA, numbered(1, fact(BOARD, "a"), set(PLOT, "käse", "\"🧀\"")));
        fixture().appended(BEN, online(1, fact(BOARD, "b")));
        fixture().appended(BEN, online(2, set(BOARD, "big", "\"" + "x".repeat(100_000) + "\"")));
        HashChain chain = new HashChain();
        byte[] hash = new byte[HashChain.BYTES];
        List<RecordedEvent> events = fixture().merged(MergedRead.after(0));
        for (List<RecordedEvent> append : List.of(events.subList(0, 2), events.subList(2, 3), events.subList(3, 4))) {
            RecordedEvent first = append.get(0);
            AppendRecord record = new AppendRecord(
                    ORG,
                    first.client(),
                    first.sequence(),
                    first.append(),
                    first.recordedAtMillis(),
                    append,
                    append.size(),
                    hash);
            hash = chain.next(hash, record);
            String last = HexFormat.of().formatHex(hash);
            assertEquals(
                    Optional.of(last),
                    log().hashAt(ORG, append.get(append.size() - 1).position()));
        }
        assertEquals(HexFormat.of().formatHex(hash), log().head(ORG).hash());
    }
}

package celeriant.log.embedded.heads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.embedded.record.ByteReader;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.log.sequencer.AggregateHead;
import org.junit.jupiter.api.Test;

/** What the index holds of an aggregate is read as it was written, under its name and beside an append. */
class AggregateEntryTest {
    private static final long NUMBER = 1L << 40;
    private static final long MILLIS = 1_764_000_000_123L;

    private static byte[] unnumbered(AggregateEntry entry) {
        ByteWriter out = new ByteWriter(1);
        entry.addUnnumbered(out);
        return out.copy();
    }

    private static void assertKept(AggregateHead head, long snapshotPlace) {
        AggregateEntry entry = new AggregateEntry(head, NUMBER, snapshotPlace);
        assertEquals(entry, AggregateEntry.of(entry.bytes()));
        assertEquals(entry, AggregateEntry.unnumbered(NUMBER, new ByteReader(unnumbered(entry))));
    }

    @Test
    void whatIsPlain() {
        assertKept(new AggregateHead(1, true, true, 1, 1, 1, 0, MILLIS), 0);
        assertKept(new AggregateHead(1L << 40, true, true, 1, 1, 0, 0, MILLIS), 0);
        assertKept(AggregateHead.ABSENT, 0);
    }

    @Test
    void whatIsNot() {
        assertKept(new AggregateHead(9, false, false, 10, 10, 0, 0, MILLIS), 0);
        assertKept(new AggregateHead(9, true, true, 4, 4, 9, 0, MILLIS), 0);
        assertKept(new AggregateHead(9, true, true, 1, 5, 0, 0, MILLIS), 0);
        assertKept(new AggregateHead(9, true, true, 1, 1, 9, 7, MILLIS), 1L << 50);
    }

    /** It stands with the last append of every batch to every aggregate. */
    @Test
    void besideAnAppendAPlainOneTakesLessThanTenBytes() {
        byte[] bytes =
                unnumbered(new AggregateEntry(new AggregateHead(100, true, true, 1, 1, 90, 0, MILLIS), NUMBER, 0));
        assertTrue(bytes.length < 10, bytes.length + " bytes");
    }
}

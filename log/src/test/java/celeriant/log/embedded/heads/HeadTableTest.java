package celeriant.log.embedded.heads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.sequencer.AggregateHead;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The table says what was put last, or nothing, whatever it had to forget; never what is older or another one's. */
class HeadTableTest {
    private static final long MILLIS = 1_764_000_000_123L;
    private static final int SMALL = 2_000 * HeadTable.CHUNK_BYTES;

    private final SplittableRandom random = new SplittableRandom(1);
    private HeadTable table = new HeadTable(SMALL);

    @AfterEach
    void close() {
        table.close();
    }

    private KeyedHash.Hash name() {
        return new KeyedHash.Hash(random.nextLong(), random.nextLong());
    }

    static AggregateEntry entry(long version, long first, long keyless) {
        return new AggregateEntry(new AggregateHead(version, true, true, 1, first, keyless, 0, MILLIS), version * 7, 0);
    }

    private void assertKept(AggregateEntry entry) {
        KeyedHash.Hash name = name();
        table.put(name, entry);
        assertEquals(entry, table.get(name));
    }

    private void assertElsewhere(AggregateHead head, long snapshotPlace) {
        KeyedHash.Hash name = name();
        table.put(name, entry(1, 1, 1));
        table.put(name, new AggregateEntry(head, 5, snapshotPlace));
        assertSame(HeadCache.ELSEWHERE, table.get(name));
    }

    @Test
    void whatIsUsualIsKeptWhole() {
        assertKept(entry(1, 1, 1));
        assertKept(entry(1, 1, 0));
        assertKept(entry((1 << 28) - 1, 1, (1 << 23) - 1));
        assertKept(entry(40, 1, 7));
        assertKept(entry(40, 8, 0));
        assertKept(entry(40, 8, 40));
        assertKept(new AggregateEntry(entry(3, 1, 3).head(), -1L >>> 1, 0));
    }

    @Test
    void whatIsNotUsualIsKnownToBeElsewhere() {
        assertElsewhere(new AggregateHead(2, false, true, 3, 3, 0, 0, MILLIS), 0);
        assertElsewhere(new AggregateHead(2, false, false, 3, 3, 0, 0, MILLIS), 0);
        assertElsewhere(new AggregateHead(4, true, true, 3, 3, 0, 0, MILLIS), 0);
        assertElsewhere(new AggregateHead(4, true, true, 1, 1, 0, 2, MILLIS), 0);
        assertElsewhere(new AggregateHead(4, true, true, 1, 1, 0, 0, MILLIS), 9);
        assertElsewhere(new AggregateHead(4, true, true, 1, 3, 2, 0, MILLIS), 0);
        assertElsewhere(new AggregateHead(1 << 28, true, true, 1, 1, 0, 0, MILLIS), 0);
        assertElsewhere(new AggregateHead(1 << 24, true, true, 1, 1, 1 << 23, 0, MILLIS), 0);
        assertElsewhere(new AggregateHead(1 << 24, true, true, 1, 1 << 23, 0, 0, MILLIS), 0);
        assertElsewhere(new AggregateHead(1, true, true, 1, 1, 0, 0, 0), 0);
        assertElsewhere(new AggregateHead(1, true, true, 1, 1, 0, 0, Long.MAX_VALUE), 0);
    }

    @Test
    void itGrowsAndForgetsNothingAsLongAsThereIsRoom() {
        Map<KeyedHash.Hash, AggregateEntry> all = new HashMap<>();
        for (int i = 1; i <= 100_000; i++) {
            KeyedHash.Hash name = name();
            all.put(name, entry(i, 1, i));
            table.put(name, all.get(name));
        }
        all.forEach((name, entry) -> {
            assertEquals(entry, table.get(name));
            assertFalse(table.hasForgotten(name));
        });
        assertEquals(all.size(), table.size());
        assertNull(table.get(name()));
        assertTrue(table.bytes() < 100L * all.size(), table.bytes() + " bytes");
    }

    @Test
    void itForgetsButNeverErrsOnceThereIsNoRoom() {
        Map<KeyedHash.Hash, AggregateEntry> all = new HashMap<>();
        KeyedHash.Hash[] names = new KeyedHash.Hash[400_000];
        for (int i = 0; i < names.length; i++) {
            names[i] = name();
        }
        for (int i = 1; i <= 1_000_000; i++) {
            KeyedHash.Hash name = names[random.nextInt(names.length)];
            all.put(name, entry(i, 1, i));
            table.put(name, all.get(name));
            assertEquals(all.get(name), table.get(name));
        }
        int found = 0;
        for (Map.Entry<KeyedHash.Hash, AggregateEntry> one : all.entrySet()) {
            AggregateEntry known = table.get(one.getKey());
            if (known != null) {
                assertEquals(one.getValue(), known);
                found++;
            } else {
                assertTrue(table.hasForgotten(one.getKey()));
            }
        }
        assertEquals(found, table.size());
        assertTrue(found > SMALL / HeadSlot.BYTES / 2, found + " found");
        assertTrue(table.bytes() <= SMALL);
    }

    @Test
    void whatIsOlderDoesNotReplaceWhatIsHere() {
        KeyedHash.Hash name = name();
        assertTrue(table.putOlder(name, entry(1, 1, 1)));
        assertEquals(entry(1, 1, 1), table.get(name));
        table.put(name, entry(2, 1, 2));
        assertTrue(table.putOlder(name, entry(1, 1, 1)));
        assertEquals(entry(2, 1, 2), table.get(name));
    }

    /** It may be older than what was forgotten. */
    @Test
    void whatIsOlderIsNotTakenWhereSomethingWasForgotten() {
        table.close();
        table = new HeadTable(HeadTable.CHUNK_BYTES);
        KeyedHash.Hash inTheOnlyPart = new KeyedHash.Hash(0, 0);
        for (long i = 0; i < 1_000; i++) {
            table.put(new KeyedHash.Hash(i << 20, i), entry(2, 1, 2));
        }
        assertTrue(table.hasForgotten(inTheOnlyPart));
        assertFalse(table.putOlder(new KeyedHash.Hash(1, 1), entry(1, 1, 1)));
        assertNull(table.get(new KeyedHash.Hash(1, 1)));
    }

    private Map<KeyedHash.Hash, AggregateEntry> putMany(int count, LongUnaryOperator highOf) {
        Map<KeyedHash.Hash, AggregateEntry> all = new HashMap<>();
        for (int i = 1; i <= count; i++) {
            KeyedHash.Hash name = new KeyedHash.Hash(highOf.applyAsLong(random.nextLong()), random.nextLong());
            all.put(name, entry(i, 1, i));
            table.put(name, all.get(name));
        }
        return all;
    }

    private void loadAllInto(HeadTable other) {
        for (int group = 0; group < HeadCache.GROUPS; group++) {
            other.load(group, packed(table.pack(group)), MemorySegment.NULL);
        }
    }

    static void assertHas(Map<KeyedHash.Hash, AggregateEntry> all, HeadTable other) {
        all.forEach((name, entry) -> assertEquals(entry, other.get(name)));
        assertEquals(all.size(), other.size());
    }

    static MemorySegment packed(PackedHeads heads) {
        return MemorySegment.ofArray(heads.bytes());
    }

    /** Its memory comes in pieces, each as large as this; the last is of what is left, in smaller ones. */
    @Test
    void aTableOfManyPiecesOfMemoryKeepsAll() {
        table.close();
        table = new HeadTable(LargePages.PIECE_BYTES * 2);
        long count = LargePages.PIECE_BYTES / HeadSlot.BYTES * 5 / 4;
        for (long i = 1; i <= count; i++) {
            table.put(new KeyedHash.Hash(i * 0x9E3779B97F4A7C15L, i), entry(i, 1, 1));
        }
        assertEquals(count, table.size());
        for (long i = 1; i <= count; i++) {
            AggregateEntry found = table.get(new KeyedHash.Hash(i * 0x9E3779B97F4A7C15L, i));
            assertEquals(i, found.head().version());
        }
        assertTrue(table.bytes() > LargePages.PIECE_BYTES);
    }

    @Test
    void whatWasPackedIsLoaded() {
        Map<KeyedHash.Hash, AggregateEntry> all = putMany(50_000, high -> high);
        assertFalse(PackedHeads.isOfTables(packed(table.pack(0))));
        try (HeadTable other = new HeadTable(SMALL)) {
            other.put(all.keySet().iterator().next(), entry(70_000, 1, 1));
            loadAllInto(other);
            assertHas(all, other);
            assertTrue(other.bytes() <= table.bytes(), "no more memory than for those that came one by one");
        }
    }

    private Map<KeyedHash.Hash, AggregateEntry> putALargeGroup() {
        Map<KeyedHash.Hash, AggregateEntry> all = putMany(3 * HeadTable.TABLES_HEADS_MIN, high -> high >>> 8);
        assertTrue(PackedHeads.isOfTables(packed(table.pack(0))));
        return all;
    }

    @Test
    void aLargeGroupIsLoadedAsItWas() {
        Map<KeyedHash.Hash, AggregateEntry> all = putALargeGroup();
        try (HeadTable other = new HeadTable(SMALL)) {
            loadAllInto(other);
            assertHas(all, other);
            assertEquals(table.bytes(), other.bytes());
            KeyedHash.Hash another = new KeyedHash.Hash(1, 1);
            other.put(another, entry(1, 1, 1));
            assertEquals(entry(1, 1, 1), other.get(another));
        }
    }

    @Test
    void aLargeGroupGoesOverWhatIsThere() {
        Map<KeyedHash.Hash, AggregateEntry> all = putALargeGroup();
        try (HeadTable other = new HeadTable(SMALL)) {
            other.put(all.keySet().iterator().next(), entry(70_000, 1, 1));
            loadAllInto(other);
            assertHas(all, other);
        }
    }

    private void assertIsThereOnce(Map<KeyedHash.Hash, AggregateEntry> all) {
        KeyedHash.Hash changed = all.keySet().iterator().next();
        KeyedHash.Hash added = new KeyedHash.Hash(1, 1);
        try (HeadTable other = new HeadTable(SMALL)) {
            loadAllInto(other);
            other.put(changed, entry(70_000, 1, 1));
            other.put(added, entry(1, 1, 1));
            long bytes = other.bytes();
            loadAllInto(other);
            all.put(added, entry(1, 1, 1));
            assertHas(all, other);
            assertEquals(bytes, other.bytes());
        }
    }

    @Test
    void aGroupThatIsLoadedTwiceIsThereOnce() {
        assertIsThereOnce(putMany(50_000, high -> high));
    }

    @Test
    void aLargeGroupThatIsLoadedTwiceIsThereOnce() {
        assertIsThereOnce(putALargeGroup());
    }

    @Test
    void aLargeGroupGoesIntoLessMemory() {
        Map<KeyedHash.Hash, AggregateEntry> all = putALargeGroup();
        int lessBytes = 30 * HeadTable.CHUNK_BYTES;
        try (HeadTable less = new HeadTable(lessBytes)) {
            loadAllInto(less);
            int found = 0;
            for (Map.Entry<KeyedHash.Hash, AggregateEntry> one : all.entrySet()) {
                AggregateEntry known = less.get(one.getKey());
                assertTrue(known == null ? less.hasForgotten(one.getKey()) : known.equals(one.getValue()));
                found += known == null ? 0 : 1;
            }
            assertEquals(less.size(), found);
            assertTrue(found > lessBytes / HeadSlot.BYTES / 2, found + " found");
            assertTrue(less.bytes() <= lessBytes);
        }
    }

    @Test
    void changesGoOverTheGroup() {
        KeyedHash.Hash changed = name();
        KeyedHash.Hash added = new KeyedHash.Hash(changed.high() ^ 1, changed.low());
        table.put(changed, entry(1, 1, 1));
        PackedHeads changes = PackedHeads.changes();
        changes.add(changed, entry(2, 1, 2));
        changes.add(added, entry(1, 1, 0));
        try (HeadTable other = new HeadTable(SMALL)) {
            loadAllInto(other);
            other.load(HeadCache.groupOf(changed), MemorySegment.NULL, packed(changes));
            assertHas(Map.of(changed, entry(2, 1, 2), added, entry(1, 1, 0)), other);
        }
    }

    @Test
    void aGroupOfWhichSomethingWasForgottenIsNotPacked() {
        table.close();
        table = new HeadTable(HeadTable.CHUNK_BYTES);
        for (long i = 0; i < 1_000; i++) {
            table.put(new KeyedHash.Hash(i << 20, i), entry(2, 1, 2));
        }
        assertNull(table.pack(0));
        assertNotNull(table.pack(1));
    }

    @Test
    void aPartThatGotNoMemoryKeepsNothing() {
        table.close();
        table = new HeadTable(HeadTable.CHUNK_BYTES);
        table.put(new KeyedHash.Hash(0, 0), entry(1, 1, 1));
        KeyedHash.Hash elsewhere = new KeyedHash.Hash(-1, 0);
        table.put(elsewhere, entry(1, 1, 1));
        assertNull(table.get(elsewhere));
        assertTrue(table.hasForgotten(elsewhere));
        assertEquals(1, table.size());
    }
}

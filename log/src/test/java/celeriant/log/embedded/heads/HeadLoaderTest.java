package celeriant.log.embedded.heads;

import static celeriant.log.embedded.heads.HeadTableTest.assertHas;
import static celeriant.log.embedded.heads.HeadTableTest.entry;
import static celeriant.log.embedded.heads.HeadTableTest.packed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was stored of heads comes back as it was last, put in together or, where that is too large, in parts. */
class HeadLoaderTest {
    private static final int SMALL = 2_000 * HeadTable.CHUNK_BYTES;

    private final SplittableRandom random = new SplittableRandom(1);
    private final HeadTable table = new HeadTable(SMALL);

    @AfterEach
    void close() {
        table.close();
    }

    /** Of group 0. */
    private KeyedHash.Hash name() {
        return new KeyedHash.Hash(random.nextLong() >>> 8, random.nextLong());
    }

    private Map<KeyedHash.Hash, AggregateEntry> putALargeGroup() {
        Map<KeyedHash.Hash, AggregateEntry> all = new HashMap<>();
        for (int i = 1; i <= 3 * HeadTable.TABLES_HEADS_MIN; i++) {
            KeyedHash.Hash name = name();
            all.put(name, entry(i, 1, i));
            table.put(name, all.get(name));
        }
        assertTrue(PackedHeads.isOfTables(packed(table.pack(0))));
        return all;
    }

    /** A change for each name, and then another one for each, as an index has them of many batches. */
    private Map<KeyedHash.Hash, AggregateEntry> addChanges(HeadLoader loader, int count) {
        Map<KeyedHash.Hash, AggregateEntry> all = new HashMap<>();
        KeyedHash.Hash[] names = new KeyedHash.Hash[count];
        for (int i = 0; i < count; i++) {
            names[i] = name();
        }
        for (int i = 0; i < count * 4; ) {
            PackedHeads changes = PackedHeads.changes();
            for (int end = i + 64; i < end; i++) {
                KeyedHash.Hash name = names[i % count];
                all.put(name, entry(i + 1, 1, i + 1));
                changes.add(name, all.get(name));
            }
            loader.add(0, packed(changes));
        }
        return all;
    }

    @Test
    void changesThatAreLoadedTogetherGoOverEachOtherAndOverTheWhole() {
        Map<KeyedHash.Hash, AggregateEntry> all = putALargeGroup();
        try (Arena arena = Arena.ofConfined();
                HeadTable other = new HeadTable(SMALL)) {
            HeadLoader loader = new HeadLoader(other, arena, 1 << 20);
            PackedHeads old = PackedHeads.changes();
            old.add(all.keySet().iterator().next(), entry(70_000, 1, 1));
            loader.add(0, packed(old));
            loader.add(0, packed(table.pack(0)));
            all.putAll(addChanges(loader, 20_032));
            loader.end();
            assertHas(all, other);
        }
    }

    @Test
    void changesFindRoomForTheirNamesOnceHoweverOftenTheyCome() {
        try (Arena arena = Arena.ofConfined();
                HeadTable other = new HeadTable(SMALL)) {
            HeadLoader loader = new HeadLoader(other, arena, 8 << 20);
            Map<KeyedHash.Hash, AggregateEntry> all = addChanges(loader, 20_032);
            loader.end();
            assertHas(all, other);
            long wanted = (long) all.size() * HeadSlot.BYTES;
            assertTrue(other.bytes() < wanted * 4 / 3, other.bytes() + " bytes for heads of " + wanted);
        }
    }

    /** A table that grows by what comes behind it is made as large as it will be, and its slots find other places. */
    @Test
    void aLargeGroupHasRoomForTheNamesOfItsChangesFromTheFirst() {
        Map<KeyedHash.Hash, AggregateEntry> all = putALargeGroup();
        KeyedHash.Hash changed = all.keySet().iterator().next();
        try (Arena arena = Arena.ofConfined();
                HeadTable other = new HeadTable(SMALL)) {
            HeadLoader loader = new HeadLoader(other, arena, 8 << 20);
            loader.add(0, packed(table.pack(0)));
            PackedHeads over = PackedHeads.changes();
            over.add(changed, entry(70_000, 1, 1));
            loader.add(0, packed(over));
            all.put(changed, entry(70_000, 1, 1));
            all.putAll(addChanges(loader, 20_032));
            loader.end();
            assertHas(all, other);
            assertTrue(other.bytes() < (long) all.size() * HeadSlot.BYTES * 4 / 3, () -> other.bytes() + " bytes");
            KeyedHash.Hash another = new KeyedHash.Hash(1, 1);
            other.put(another, entry(1, 1, 1));
            assertEquals(all.size() + 1, other.size());
        }
    }

    /** There is memory for some more than the whole, not for all that comes. */
    @Test
    void aLargeGroupThatFindsLessRoomThanItsChangesNeedErrsNever() {
        Map<KeyedHash.Hash, AggregateEntry> all = putALargeGroup();
        try (Arena arena = Arena.ofConfined();
                HeadTable other = new HeadTable(table.bytes() * 5 / 4)) {
            HeadLoader loader = new HeadLoader(other, arena, 8 << 20);
            loader.add(0, packed(table.pack(0)));
            all.putAll(addChanges(loader, 20_032));
            loader.end();
            assertTrue(other.size() > 20_032, () -> other.size() + " heads");
            all.forEach((name, entry) -> {
                AggregateEntry found = other.get(name);
                assertTrue(found == null ? other.hasForgotten(name) : found.equals(entry), () -> "" + found);
            });
        }
    }

    @Test
    void changesOfManyGroupsAndThoseTooLargeForTheLoaderAreLoaded() {
        Map<KeyedHash.Hash, AggregateEntry> all = new HashMap<>();
        try (Arena arena = Arena.ofConfined();
                HeadTable other = new HeadTable(SMALL)) {
            HeadLoader loader = new HeadLoader(other, arena, 4 << 10);
            for (long group = 0; group < HeadCache.GROUPS; group++) {
                PackedHeads changes = PackedHeads.changes();
                for (int i = 1; i <= (group % 2 == 0 ? 50 : 500); i++) {
                    KeyedHash.Hash name = new KeyedHash.Hash(group << 56 | random.nextLong() >>> 8, random.nextLong());
                    all.put(name, entry(i, 1, i));
                    changes.add(name, all.get(name));
                }
                loader.add((int) group, packed(changes));
            }
            loader.end();
            assertHas(all, other);
        }
    }
}

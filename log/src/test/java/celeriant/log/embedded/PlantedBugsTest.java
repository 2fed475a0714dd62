package celeriant.log.embedded;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.disk.DiskStall;
import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.heads.HeadCache;
import celeriant.log.embedded.heads.HeadTable;
import celeriant.log.embedded.heads.KeyedHash;
import celeriant.log.embedded.heads.PackedHeads;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.record.RecordCheck;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The crash harness is worth something only if it finds what it is for: each of these engines is broken in one way. */
class PlantedBugsTest {
    private static final long SEEDS = 4;
    private static final UnaryOperator<Disk> GOOD_DISK = disk -> disk;
    private static final UnaryOperator<IndexStore> GOOD_STORE = store -> store;
    private static final RecordCheck GOOD_CHECK = RecordFormat::isIntact;

    private static void assertFound(
            UnaryOperator<Disk> disk, UnaryOperator<IndexStore> store, RecordCheck check, String bug) throws Exception {
        assertFound(seed -> new CrashHarness(seed).with(disk, store, check), bug);
    }

    private interface Broken {
        CrashHarness harness(long seed) throws Exception;
    }

    /** What goes wrong with a call to the disk. */
    private interface Accident {
        String in(CrashHarness harness, long call);
    }

    private static void assertFound(Broken broken, String bug) throws Exception {
        assertFound(broken, CrashHarness::crashAt, bug);
    }

    private static void assertFound(Broken broken, Accident accident, String bug) throws Exception {
        String found = null;
        for (long seed = 1; seed <= SEEDS && found == null; seed++) {
            CrashHarness harness = broken.harness(seed);
            for (long call = 1; call <= harness.calls() && found == null; call++) {
                found = accident.in(harness, call);
            }
        }
        assertNotNull(found, bug + " is not noticed");
    }

    @Test
    void noSyncAtAll() throws Exception {
        assertFound(disk -> DiskLayer.filesOf(disk, NoSync::new), GOOD_STORE, GOOD_CHECK, "no sync");
    }

    @Test
    void theAnswerBeforeTheSync() throws Exception {
        assertFound(disk -> DiskLayer.filesOf(disk, LateSync::new), GOOD_STORE, GOOD_CHECK, "answer before sync");
    }

    @Test
    void theIndexAheadOfTheSync() throws Exception {
        assertFound(
                disk -> DiskLayer.filesOf(disk, LateSync::new),
                AlwaysFlushed::new,
                GOOD_CHECK,
                "index ahead of the sync");
    }

    @Test
    void aCheckThatIsIgnored() throws Exception {
        assertFound(GOOD_DISK, GOOD_STORE, (bytes, start, length, salt, offset) -> true, "check ignored");
    }

    @Test
    void aLostClientHead() throws Exception {
        assertFound(GOOD_DISK, NoClients::new, GOOD_CHECK, "client head lost");
    }

    @Test
    void aHeadThatStaysWhenItsAggregateIsDeleted() throws Exception {
        assertFoundIn(NoDeletions::new, "stale head after a delete");
    }

    @Test
    void aHeadThatIsReplacedByAnOlderOne() throws Exception {
        assertFound(
                seed -> new CrashHarness(seed)
                        .with(GOOD_DISK, NoStoredHeads::new, GOOD_CHECK)
                        .with((long bytesMax) -> new OlderWins(new HeadTable(bytesMax))),
                "head replaced by an older one");
    }

    @Test
    void aHeadThatIsMissingThoughNoneWasForgotten() throws Exception {
        assertFoundIn(LosesSome::new, "head missing, taken for a new aggregate");
    }

    @Test
    void changesOfHeadsThatAreNotStored() throws Exception {
        assertFound(GOOD_DISK, NoChangesOfHeads::new, GOOD_CHECK, "stored head that is behind");
    }

    @Test
    void headsThatAreStoredAsTheWholeAndAreNot() throws Exception {
        assertFoundIn(PacksSome::new, "stored heads that are not all, taken for all");
    }

    @Test
    void anAggregateThatStaysAsItsNameSays() throws Exception {
        assertFound(GOOD_DISK, NoLastAppends::new, GOOD_CHECK, "aggregate without its last appends");
    }

    @Test
    void aSnapshotThatItsAggregatesNameIsNotToldOf() throws Exception {
        assertFound(GOOD_DISK, NamesOnce::new, GOOD_CHECK, "snapshot behind the last append");
    }

    @Test
    void anIdOfAnAppendThatTheFilterDoesNotKnow() throws Exception {
        assertFound(GOOD_DISK, NoIdsToScan::new, GOOD_CHECK, "id missing in the filter, taken for a new append");
    }

    @Test
    void aFailedSyncThatIsIgnored() throws Exception {
        assertFound(
                seed -> new CrashHarness(seed)
                        .with(disk -> DiskLayer.filesOf(disk, (file, isNew) -> new Deaf(file)), GOOD_STORE, GOOD_CHECK),
                CrashHarness::failAt,
                "failed sync ignored");
    }

    @Test
    void aGroupThatFailedBehindTheWritersBackAndIsAnswered() throws Exception {
        assertFound(
                seed -> new CrashHarness(seed).with(FailuresForgotten::new),
                CrashHarness::failAt,
                "failure of a group that was handed over");
    }

    @Test
    void aGroupThatIsAnsweredBeforeItsSyncCameBack() throws Exception {
        assertFound(
                seed -> new CrashHarness(seed).with(NoWaiting::new),
                "answer before the sync of a group that was handed over");
    }

    private static void assertFoundIn(UnaryOperator<HeadCache> heads, String bug) throws Exception {
        assertFound(seed -> new CrashHarness(seed).with((long bytesMax) -> heads.apply(new HeadTable(bytesMax))), bug);
    }

    /** Does not hear of an aggregate that is unusual, such as a deleted one. */
    private static final class NoDeletions extends HeadLayer {
        NoDeletions(HeadCache below) {
            super(below);
        }

        @Override
        public void put(KeyedHash.Hash name, AggregateEntry entry) {
            if (entry.head().exists() || get(name) == null) {
                super.put(name, entry);
            }
        }
    }

    /** Believes a warm-up that read an entry before it was changed, and comes with it after that. */
    private static final class OlderWins extends HeadLayer {
        private final Map<KeyedHash.Hash, AggregateEntry> late = new HashMap<>();

        OlderWins(HeadCache below) {
            super(below);
        }

        @Override
        public void put(KeyedHash.Hash name, AggregateEntry entry) {
            super.put(name, entry);
            AggregateEntry older = late.remove(name);
            if (older != null) {
                super.put(name, older);
            }
        }

        @Override
        public boolean putOlder(KeyedHash.Hash name, AggregateEntry entry) {
            late.put(name, entry);
            return true;
        }
    }

    /** Has lost what it is asked for each third time, and does not know that it has. */
    private static final class LosesSome extends HeadLayer {
        private int asked;

        LosesSome(HeadCache below) {
            super(below);
        }

        @Override
        public AggregateEntry get(KeyedHash.Hash name) {
            return ++asked % 3 == 0 ? null : super.get(name);
        }
    }

    /** Packs nothing of each third group. */
    private static final class PacksSome extends HeadLayer {
        PacksSome(HeadCache below) {
            super(below);
        }

        @Override
        public PackedHeads pack(int group) {
            if (group % 3 != 0) {
                return super.pack(group);
            }
            try (HeadTable nothing = new HeadTable(0)) {
                return nothing.pack(group);
            }
        }
    }

    /** Keeps heads as they were first, not what became of them. */
    private static final class NoChangesOfHeads extends StoreLayer {
        private final Set<Integer> groups = new HashSet<>();

        NoChangesOfHeads(IndexStore below) {
            super(below);
        }

        @Override
        boolean takes(byte[] key) {
            return key[0] != 'D' || groups.add(key[1] << Byte.SIZE | key[2] & 0xFF);
        }
    }

    /** Writes under an aggregate's name when it is made, and not again. */
    private static final class NamesOnce extends StoreLayer {
        private final Set<String> names = new HashSet<>();

        NamesOnce(IndexStore below) {
            super(below);
        }

        @Override
        boolean takes(byte[] key) {
            return key[0] != 'H' || names.add(new String(key, StandardCharsets.UTF_8));
        }
    }

    /** Has the ids of appends, but does not show them to who reads them all. */
    private static final class NoIdsToScan extends StoreLayer {
        NoIdsToScan(IndexStore below) {
            super(below);
        }

        @Override
        public Cursor scan(byte[] from, byte[] to) {
            return super.scan(from[0] == 'I' ? to : from, to);
        }
    }

    /** Does not hear that a sync failed. */
    private static final class Deaf extends DiskLayer.FileLayer {
        Deaf(Disk.DiskFile below) {
            super(below);
        }

        @Override
        public void force() {
            try {
                super.force();
            } catch (IOException e) {
                // As it is meant: the bug.
            }
        }
    }

    /** Does not tell the writer that a group failed. */
    private static final class FailuresForgotten extends LateSyncs {
        FailuresForgotten() {
            super(() -> true);
        }

        @Override
        public void end() {
            try {
                super.end();
            } catch (IOException e) {
                // As it is meant: the bug.
            }
        }
    }

    /** Says that a group has come back while it is still to be written. */
    private static final class NoWaiting extends LateSyncs {
        NoWaiting() {
            super(() -> true);
        }

        @Override
        public void begin(DiskStall.DiskWork<Void> work) {
            awaitOr(null);
            super.begin(work);
        }

        @Override
        public boolean isDone() {
            return true;
        }

        @Override
        public void end() {
            // As it is meant: the bug.
        }
    }

    /** Syncs only when a file is made. */
    private static final class NoSync extends DiskLayer.FileLayer {
        private boolean isNew;

        NoSync(Disk.DiskFile below, boolean isNew) {
            super(below);
            this.isNew = isNew;
        }

        @Override
        public void force() throws IOException {
            if (isNew) {
                super.force();
            }
            isNew = false;
        }
    }

    /** Syncs what was written before the next write. */
    private static final class LateSync extends DiskLayer.FileLayer {
        private boolean isNew;
        private boolean due;

        LateSync(Disk.DiskFile below, boolean isNew) {
            super(below);
            this.isNew = isNew;
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            if (due) {
                due = false;
                super.force();
            }
            super.write(from, offset);
        }

        @Override
        public void force() throws IOException {
            if (isNew) {
                super.force();
            }
            due = !isNew;
            isNew = false;
        }
    }

    /** Every batch survives every crash. */
    private static final class AlwaysFlushed extends StoreLayer {
        AlwaysFlushed(IndexStore below) {
            super(below);
        }

        @Override
        void afterWrite() {
            flush(true);
        }
    }

    /** Forgets the clients. */
    private static final class NoClients extends StoreLayer {
        NoClients(IndexStore below) {
            super(below);
        }

        @Override
        boolean takes(byte[] key) {
            return key[0] != 'C';
        }
    }
}

package celeriant.log.embedded;

import celeriant.log.StorageFailedException;
import celeriant.log.embedded.commit.GroupSyncs;
import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.heads.HeadCache;
import celeriant.log.embedded.heads.HeadTable;
import celeriant.log.embedded.index.HeadWarmup;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.record.RecordCheck;
import celeriant.log.embedded.record.RecordFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Runs a workload, lets the machine go down in one call to the disk, starts again on what is left, and says what is
 * wrong: the log must be one that the workload went through, with everything in it that was answered, and sending the
 * rest again must lead to the log of an undisturbed run. (All that was recorded is sent again, too: it must be found to
 * be a duplicate. What was refused is not: it need not be refused again.)
 */
final class CrashHarness {
    private static final int WRITES = 60;
    private static final int GROUP_MAX = 4;
    private static final int COMPACTION_EVERY = 6;

    private final List<Workload.Write> writes;
    private final long seed;
    private final List<LogImage> history = new ArrayList<>();
    private final boolean compacts;
    private final List<HeadCache> headsInUse = new ArrayList<>();
    private long callsInAll;
    private UnaryOperator<Disk> diskUnderTest = disk -> disk;
    private UnaryOperator<IndexStore> storeUnderTest = store -> store;
    private RecordCheck check = RecordFormat::isIntact;
    private LongFunction<HeadCache> heads = HeadTable::new;
    private Supplier<GroupSyncs> syncs = SteppedLog::syncsNowAndThen;

    CrashHarness(long seed) throws Exception {
        this(seed, false);
    }

    /** @param compacts whether the log is compacted now and then */
    CrashHarness(long seed, boolean compacts) throws Exception {
        this.seed = seed;
        this.compacts = compacts;
        this.writes = Workload.of(WRITES, new SplittableRandom(seed));
        recordHistory();
    }

    /** Puts something between the engine and the disk, the store or the check. */
    CrashHarness with(UnaryOperator<Disk> disk, UnaryOperator<IndexStore> store, RecordCheck newCheck) {
        diskUnderTest = disk;
        storeUnderTest = store;
        check = newCheck;
        return this;
    }

    private void recordHistory() throws Exception {
        SimulatedDisk disk = new SimulatedDisk();
        SteppedLog log = open(disk, new MemoryIndexStore());
        history.add(LogImage.of(log.log()));
        for (Workload.Write write : writes) {
            CompletableFuture<?> answer = log.send(write);
            log.settle();
            answer.join();
            history.add(LogImage.of(log.log()));
            if (compacts && history.size() % COMPACTION_EVERY == 0) {
                log.compact();
                requireUnchanged(LogImage.of(log.log()));
            }
        }
        callsInAll = disk.calls();
        ended(null);
    }

    private void requireUnchanged(LogImage compacted) {
        if (!compacted.equals(history.getLast())) {
            throw new AssertionError("a compaction changed what is read after " + (history.size() - 1) + " writes");
        }
    }

    /** Puts something else in the place of what keeps heads. */
    CrashHarness with(LongFunction<HeadCache> newHeads) {
        heads = newHeads;
        return this;
    }

    /** Puts something else in the place of what syncs groups. */
    CrashHarness with(Supplier<GroupSyncs> newSyncs) {
        syncs = newSyncs;
        return this;
    }

    private SteppedLog open(SimulatedDisk disk, MemoryIndexStore store) throws IOException {
        LongFunction<HeadCache> remembered = bytesMax -> {
            HeadCache made = heads.apply(bytesMax);
            headsInUse.add(made);
            return made;
        };
        return SteppedLog.open(diskUnderTest.apply(disk), storeUnderTest.apply(store), check, remembered, syncs.get());
    }

    /** A machine that is down holds no memory; what is outside the heap does not go by itself. */
    private String ended(String verdict) {
        headsInUse.forEach(HeadCache::close);
        headsInUse.clear();
        return verdict;
    }

    /** Calls of an undisturbed run in which each write is a group of its own: more than any run makes. */
    long calls() {
        return callsInAll;
    }

    /** Goes down in that call. @return what was wrong, or null */
    String crashAt(long call) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + call);
        SimulatedDisk disk = new SimulatedDisk();
        MemoryIndexStore store = new MemoryIndexStore();
        disk.crashAt(call);
        int answered = 0;
        try {
            SteppedLog log = open(disk, store);
            answered = runUntilCrash(log, random);
        } catch (SimulatedCrash | IOException | InterruptedException e) {
            // As it was meant: down before the first write.
        }
        return ended(verdict(disk.afterCrash(random), store.afterCrash(random), answered, random));
    }

    /**
     * Fails that call and no other, and takes the disk as it is into the next start. @return what was wrong, or null
     */
    String failAt(long call) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + call);
        SimulatedDisk disk = new SimulatedDisk();
        MemoryIndexStore store = new MemoryIndexStore();
        disk.failAt(call);
        int answered = 0;
        try {
            SteppedLog log = open(disk, store);
            answered = runUntilCrash(log, random);
            String wrong = answered == writes.size() ? null : afterFailure(log, answered);
            if (wrong != null) {
                return ended(wrong);
            }
        } catch (IOException | InterruptedException e) {
            // As it was meant: failed before the first write.
        }
        return ended(verdict(random.nextBoolean() ? disk.copy() : disk.afterCrash(random), store, answered, random));
    }

    /** The engine must say so, take nothing more, and still be read. */
    private String afterFailure(SteppedLog log, int answered) {
        LogImage readable = LogImage.of(log.log());
        if (!history.get(answered).equals(readable)) {
            return "what is read after the failure is not what was answered";
        }
        CompletableFuture<?> late = log.send(writes.getFirst());
        boolean isRefused = late.isCompletedExceptionally() && late.exceptionNow() instanceof StorageFailedException;
        return isRefused && !log.log().health().takesAppends() ? null : "the failure is not told";
    }

    /** @return how many writes were answered, the first ones */
    private int runUntilCrash(SteppedLog log, SplittableRandom random) throws InterruptedException {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        int sent = 0;
        while (sent < writes.size()) {
            int group = Math.min(1 + random.nextInt(GROUP_MAX), writes.size() - sent);
            for (int i = 0; i < group; i++) {
                answers.add(log.send(writes.get(sent++)));
            }
            if (random.nextBoolean()) {
                log.settle();
            } else {
                log.step();
            }
            if (compacts && random.nextInt(COMPACTION_EVERY) == 0 && !compact(log)) {
                break;
            }
        }
        log.settle();
        int answered = 0;
        while (answered < answers.size() && !answers.get(answered).isCompletedExceptionally()) {
            answered++;
        }
        return answered;
    }

    /** @return false if the machine went down; a compaction that failed is no reason to stop */
    private static boolean compact(SteppedLog log) {
        try {
            log.compact();
            return true;
        } catch (SimulatedCrash e) {
            return false;
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    private String verdict(SimulatedDisk disk, MemoryIndexStore store, int answered, SplittableRandom random) {
        try {
            SteppedLog log = open(disk, store);
            LogImage found = LogImage.of(log.log());
            int recorded = answered + history.subList(answered, history.size()).indexOf(found);
            if (recorded < answered) {
                return answered + " writes were answered, and the log found afterwards is none of the possible ones: "
                        + found.head();
            }
            HeadWarmup warmup = log.warmup();
            int warmupEnds = random.nextInt(writes.size());
            int idsAreKnown = random.nextInt(writes.size());
            for (int i = 0; i < writes.size(); i++) {
                if (i == idsAreKnown) {
                    log.warmUpIds();
                }
                if (i == warmupEnds) {
                    warmup.step();
                    warmup.close();
                }
                boolean wasRefused = history.get(i).equals(history.get(i + 1));
                if (i >= recorded || !wasRefused) {
                    CompletableFuture<?> answer = log.send(writes.get(i));
                    log.settle();
                    answer.join();
                }
            }
            if (compacts) {
                log.compact();
            }
            LogImage end = LogImage.of(log.log());
            if (!sameBut(end, history.getLast())) {
                return "sent again, the writes do not lead to the log of an undisturbed run: " + end.head() + " "
                        + history.getLast().head();
            }
            return reopened(disk.afterCrash(random), store.afterCrash(random), end);
        } catch (RuntimeException | IOException | InterruptedException e) {
            return "opening or going on failed: " + e;
        }
    }

    private String reopened(SimulatedDisk disk, MemoryIndexStore store, LogImage before) throws IOException {
        SteppedLog log = open(disk, store);
        return LogImage.of(log.log()).equals(before) ? null : "after another crash the log is another one";
    }

    /** A snapshot that is sent again replaces itself, so only its version may be compared. */
    private static boolean sameBut(LogImage one, LogImage other) {
        return one.head().equals(other.head())
                && one.events().equals(other.events())
                && one.registers().equals(other.registers())
                && one.clients().equals(other.clients());
    }
}

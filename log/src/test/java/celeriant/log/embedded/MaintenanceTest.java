package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.contract.Differential;
import celeriant.log.contract.Seeds;
import celeriant.log.contract.TestClock;
import celeriant.log.embedded.index.RocksIndexStore;
import celeriant.log.embedded.index.RocksIndexStores;
import celeriant.log.embedded.journal.DurableMark;
import celeriant.log.embedded.verify.Verify;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is done to a log between its writes, nobody who writes or reads can tell: closed and opened, without its
 * index, as a crash leaves it, compacted, packed, backed up and put back, and its clock moved. Segments are of the
 * smallest size, and the index is written behind after a few records.
 */
class MaintenanceTest {
    private static final int SEEDS = 3;
    private static final long BEHIND_COMPACTION = 29;
    private static final int ROUNDS = 40;
    private static final int WRITES_MAX = 12;
    private static final int READS = 12;
    private static final int LARGE_BYTES = 24 << 10;
    /** Ids are known for seven days: never further ahead than that. */
    private static final long DAYS_AHEAD = 6;

    private static final long DAYS_BEHIND = 400;

    @TempDir
    private Path root;

    @Test
    void nothingThatIsDoneToALogBetweenItsWritesShows() {
        Seeds.each("MaintenanceTest", SEEDS, this::run);
    }

    /** There a compaction had removed what cleared a register, and the index still knew the older value. */
    @Test
    void anIndexThatACrashLeftBehindACompactionMissesNothing() {
        run(BEHIND_COMPACTION);
    }

    private void run(long seed) {
        Path folder = root.resolve("seed" + seed);
        try (Run run = new Run(folder, seed)) {
            for (int round = 1; round <= ROUNDS; round++) {
                run.round(round);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One log and its life. Confined to one thread. */
    private static final class Run implements AutoCloseable {
        private static final Duration DAY = Duration.ofDays(1);

        private final Path folder;
        private final SplittableRandom random;
        private final TestClock clock = new TestClock();
        private final Supplier<UUID> ids;
        private final EmbeddedConfig config;
        private final Differential differential;
        private Path at;
        private EmbeddedEventLog log;
        private int copies;
        private long large;
        private long days;

        Run(Path folder, long seed) throws IOException {
            this.folder = folder;
            this.random = new SplittableRandom(seed);
            this.ids = Differential.ids(seed);
            this.config = EmbeddedConfig.DEFAULT
                    .withSegmentBytes(64 << 10)
                    .withIndex(1 << 20, 1 + random.nextInt(16), 1 + random.nextInt(32 << 10))
                    .withCompressionLevel(random.nextInt(3) == 0 ? 0 : 1)
                    .withFreeBytesMin(0);
            this.differential = new Differential("org", seed, clock);
            this.at = folder.resolve("log");
            open();
            // The days of ids begin here, so that none is forgotten when the clock comes back from where it was put.
            append("first", EventData.json("1"));
        }

        private void append(String aggregate, EventData data) {
            UUID id = new UUID(1, ++large);
            Event event = new Event(id, new AggregateId("large", aggregate), "x", null, null, data, null, null);
            List<Append> appends = List.of(Append.online(id, List.of(event), Map.of()));
            await(log.append(new AppendRequest("other", new ClientId("ana"), null, appends, Caller.EMBEDDER)));
        }

        private void open() throws IOException {
            log = EmbeddedEventLog.open(at, config, Differential.RULE, clock, ids);
        }

        void round(int round) throws IOException {
            differential.write(log, 1 + random.nextInt(WRITES_MAX), "round " + round);
            String done = maintain();
            String when = "round " + round + ", after it was " + done;
            differential.read(log, READS, when);
            differential.readHashes(log, when);
        }

        private String maintain() throws IOException {
            return switch (random.nextInt(10)) {
                case 0 -> reopened();
                case 1 -> reopenedWithoutIndex();
                case 2 -> killed();
                case 3 -> compacted();
                case 4, 5 -> grown();
                case 6 -> putBack();
                case 7, 8 -> clockMoved();
                default -> "left alone";
            };
        }

        private String reopened() throws IOException {
            log.close();
            requireVerified(at);
            open();
            return "closed and opened";
        }

        private String reopenedWithoutIndex() throws IOException {
            log.close();
            RocksIndexStore.delete(at.resolve(RocksIndexStores.FOLDER));
            open();
            return "opened without its index";
        }

        /** Goes on in a copy that was made while it was open. */
        private String killed() throws IOException {
            Path copy = folder.resolve("killed" + ++copies);
            copyOf(at, copy);
            log.close();
            at = copy;
            open();
            return "killed";
        }

        private String compacted() throws IOException {
            log.compact();
            return "compacted";
        }

        /** Other orgs' appends, so that segments are full soon. */
        private String grown() {
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                byte[] data = new byte[LARGE_BYTES];
                random.nextBytes(data);
                append("a" + random.nextInt(3), EventData.binary(data));
            }
            return "grown";
        }

        /** Goes on in a copy of a backup, now and then. */
        private String putBack() throws IOException {
            Path backup = folder.resolve("backup");
            log.backup(backup);
            requireVerified(backup);
            if (random.nextBoolean()) {
                return "backed up";
            }
            log.close();
            at = folder.resolve("restored" + ++copies);
            copyOf(backup, at);
            open();
            return "put back";
        }

        private String clockMoved() {
            long newDays = random.nextLong(-DAYS_BEHIND, DAYS_AHEAD);
            clock.advance(DAY.multipliedBy(newDays - days));
            days = newDays;
            return "given another day, " + days;
        }

        private static void requireVerified(Path folder) throws IOException {
            assertEquals(List.of(), Verify.folder(folder).findings());
        }

        /**
         * What is copied while a compaction works behind is of several moments: the mark of the earliest, the index of
         * the latest, as what a crash leaves may be.
         */
        private static void copyOf(Path from, Path to) throws IOException {
            Files.createDirectories(to);
            Path index = from.resolve(RocksIndexStores.FOLDER);
            copy(from.resolve(DurableMark.FILE), to.resolve(DurableMark.FILE));
            copyFiles(from, to);
            if (Files.exists(index)) {
                copyFiles(index, Files.createDirectories(to.resolve(RocksIndexStores.FOLDER)));
            }
        }

        private static void copyFiles(Path from, Path to) throws IOException {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(from, Files::isRegularFile)) {
                for (Path file : files) {
                    copy(file, to.resolve(file.getFileName()));
                }
            }
        }

        private static void copy(Path file, Path copy) throws IOException {
            try {
                if (!Files.exists(copy)) {
                    Files.copy(file, copy);
                }
            } catch (NoSuchFileException e) {
                // The index, or a compaction, has done with it.
                Files.deleteIfExists(copy);
            }
        }

        @Override
        public void close() throws IOException {
            log.close();
            requireVerified(at);
            differential.close();
        }
    }
}

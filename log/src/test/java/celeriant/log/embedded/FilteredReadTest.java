package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.log.TrimRequest;
import celeriant.log.embedded.disk.Disk;
import celeriant.log.reading.MergedFilter;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import celeriant.model.RecordedEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A merged read with a filter shows what the whole log shows of it, and reads little else. */
class FilteredReadTest {
    private static final int APPENDS = 2_500;
    private static final int AGGREGATES = 60;
    private static final int READS = 400;
    private static final int DATA_BYTES = 200;
    private static final List<String> TYPES = List.of("doc", "board", "$access.doc");
    private static final AggregateId RARE = new AggregateId("doc", "rare");
    private static final AggregateId OF_RARE_TYPE = new AggregateId("rare", "one");

    private final AtomicLong bytesRead = new AtomicLong();
    private SteppedLog log;
    private long nextId = 1;

    @BeforeEach
    void open() throws IOException {
        Disk disk = DiskLayer.filesOf(new SimulatedDisk(), (file, isNew) -> new CountedReads(file));
        log = SteppedLog.open(disk, new MemoryIndexStore());
    }

    private final class CountedReads extends DiskLayer.FileLayer {
        CountedReads(Disk.DiskFile below) {
            super(below);
        }

        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
            int count = super.read(into, offset);
            bytesRead.addAndGet(count);
            return count;
        }
    }

    private void append(String org, AggregateId... aggregates) throws InterruptedException {
        List<Event> events = new ArrayList<>();
        for (AggregateId aggregate : aggregates) {
            EventData data = EventData.binary(new byte[DATA_BYTES]);
            events.add(new Event(id(nextId++), aggregate, "type-" + nextId % 3, null, null, data, null, null));
        }
        Append append = Append.online(id(nextId++), events, Map.of());
        log.log().append(new AppendRequest(org, ANA, null, List.of(append), Caller.EMBEDDER));
        if (nextId % 4 == 0) {
            log.settle();
        }
    }

    private static AggregateId aggregate(SplittableRandom random) {
        int number = Math.min(random.nextInt(AGGREGATES), random.nextInt(AGGREGATES));
        return new AggregateId(TYPES.get(number % TYPES.size()), "a-" + number / TYPES.size());
    }

    private void fill(SplittableRandom random) throws InterruptedException {
        for (int i = 0; i < APPENDS; i++) {
            AggregateId one = aggregate(random);
            switch (random.nextInt(40)) {
                case 0 -> log.log().trim(trim(one, 1 + random.nextInt(9)));
                case 1 -> log.log().delete(delete(one));
                case 2, 3, 4, 5 -> append("other", one);
                case 6, 7, 8, 9 -> append(ORG, one, aggregate(random), one);
                default -> append(ORG, one);
            }
        }
        log.settle();
    }

    private TrimRequest trim(AggregateId aggregate, long before) {
        return new TrimRequest(
                ORG, ANA, id(nextId++), aggregate, new ExpectedVersion.Any(), before, true, Caller.EMBEDDER);
    }

    private DeleteRequest delete(AggregateId aggregate) {
        return new DeleteRequest(ORG, ANA, id(nextId++), aggregate, new ExpectedVersion.Any(), true, Caller.EMBEDDER);
    }

    private List<RecordedEvent> read(MergedRead first) {
        List<RecordedEvent> events = new ArrayList<>();
        MergedRead next = first;
        while (true) {
            EventPage page = log.log().readMerged(ORG, next);
            events.addAll(page.events());
            if (page.last()) {
                assertEquals(Math.max(first.after(), Math.min(first.to(), page.head())), page.covered());
                return events;
            }
            assertTrue(page.covered() > next.after(), "a page that is not the last one gets on");
            next = next.from(page.covered());
        }
    }

    private static MergedRead filtered(SplittableRandom random, long head) {
        Set<AggregateId> aggregates = new HashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            aggregates.add(random.nextInt(9) == 0 ? RARE : aggregate(random));
        }
        Set<String> types = random.nextInt(4) == 0 ? Set.of(TYPES.get(random.nextInt(TYPES.size()))) : Set.of();
        Set<String> eventTypes = random.nextInt(3) == 0 ? Set.of("type-" + random.nextInt(4)) : Set.of();
        long after = random.nextInt(3) == 0 ? 0 : random.nextLong(head);
        long to = random.nextInt(3) == 0 ? after + random.nextLong(head) : Long.MAX_VALUE;
        int limit = 1 + random.nextInt(random.nextBoolean() ? 10 : 500);
        return new MergedRead(after, to, limit, 1 << 20, aggregates, types, eventTypes, random.nextBoolean());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void showsWhatTheWholeLogShowsOfIt(long seed) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        fill(random);
        List<RecordedEvent> all =
                read(new MergedRead(0, Long.MAX_VALUE, 1_000, 1 << 20, Set.of(), Set.copyOf(TYPES), Set.of()));
        long head = log.log().head(ORG).position();
        for (int i = 0; i < READS; i++) {
            MergedRead wanted = filtered(random, head);
            MergedFilter filter = MergedFilter.of(wanted);
            List<RecordedEvent> expected = all.stream()
                    .filter(event -> event.position() > wanted.after() && event.position() <= wanted.to())
                    .filter(filter::passes)
                    .toList();
            assertEquals(expected, read(wanted), () -> "seed " + seed + ", " + wanted);
        }
    }

    @Test
    void anAggregateThatIsFollowedCostsWhatIsReadOfIt() throws InterruptedException {
        append(ORG, RARE);
        fill(new SplittableRandom(1));
        append(ORG, RARE);
        log.settle();
        bytesRead.set(0);
        MergedRead read = new MergedRead(
                0, Long.MAX_VALUE, 100, 1 << 20, Set.of(RARE, new AggregateId("no", "such")), Set.of(), Set.of());
        assertEquals(2, read(read).size());
        assertTrue(bytesRead.get() < 100 << 10, bytesRead + " bytes were read for two events");
    }

    @Test
    void aTypeThatIsRareCostsLittle() throws InterruptedException {
        fill(new SplittableRandom(1));
        append(ORG, OF_RARE_TYPE);
        log.settle();
        bytesRead.set(0);
        MergedRead read =
                new MergedRead(0, Long.MAX_VALUE, 100, 1 << 20, Set.of(), Set.of(OF_RARE_TYPE.type()), Set.of());
        assertEquals(1, read(read).size());
        assertTrue(bytesRead.get() < 100 << 10, bytesRead + " bytes were read for one event");
    }
}

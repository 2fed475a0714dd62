package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.id;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import celeriant.log.embedded.index.IndexKeys;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the index keeps in memory is bounded by what appends touch, not by how many they are. */
class IndexMemoryTest {
    private static final EventData DATA = EventData.binary(new byte[1]);
    private static final int MANY = SteppedLog.CONFIG.indexFreezeRecords();

    private final MemoryIndexStore store = new MemoryIndexStore();
    private SteppedLog log;

    @BeforeEach
    void open() throws IOException {
        log = SteppedLog.open(new SimulatedDisk(), store);
    }

    private void append(List<Event> events) throws InterruptedException {
        log.log().append(request(ANA, Append.online(id(1), events, Map.of())));
        log.settle();
    }

    @Test
    void anAppendToOneAggregateCountsOnce() throws InterruptedException {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            events.add(Event.of(BOARD, "set", DATA));
        }
        append(events);
        assertNull(store.value(IndexKeys.org(ORG)));
    }

    @Test
    void anAppendToWhatIsThereCountsEightTimes() throws InterruptedException {
        append(List.of(Event.of(BOARD, "set", DATA)));
        assertNull(store.value(IndexKeys.org(ORG)));
        log.log().append(request(ANA, Append.online(id(2), List.of(Event.of(BOARD, "set", DATA)), Map.of())));
        log.settle();
        assertNotNull(store.value(IndexKeys.org(ORG)));
    }

    @Test
    void anAppendToManyAggregatesCountsEachFourTimes() throws InterruptedException {
        appendToAggregates(MANY / 4);
        assertNotNull(store.value(IndexKeys.org(ORG)));
    }

    @Test
    void anAppendToFewerAggregatesIsKeptInMemory() throws InterruptedException {
        appendToAggregates(MANY / 4 - 1);
        assertNull(store.value(IndexKeys.org(ORG)));
    }

    private void appendToAggregates(int count) throws InterruptedException {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(Event.of(new AggregateId("board", "b-" + i), "set", DATA));
        }
        append(events);
    }

    @Test
    void anAppendToManyRegistersCountsEach() throws InterruptedException {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            events.add(Event.keyed(BOARD, "set", "key-" + i, DATA));
        }
        append(events);
        assertNotNull(store.value(IndexKeys.org(ORG)));
    }

    @Test
    void aLargeAppendIsSoonInTheStoreSoThatOpeningNeedNotReplayIt() throws InterruptedException {
        int flushBytes = (int) SteppedLog.CONFIG.indexFlushBytes();
        append(List.of(Event.of(BOARD, "set", EventData.binary(new byte[flushBytes]))));
        assertNotNull(store.value(IndexKeys.org(ORG)));
    }
}

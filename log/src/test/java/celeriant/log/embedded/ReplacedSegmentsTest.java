package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BEN;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.await;
import static celeriant.log.contract.LogFixture.id;
import static celeriant.log.contract.LogFixture.online;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AggregateRead;
import celeriant.log.Caller;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.log.TrimRequest;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import celeriant.model.RecordedEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Segments are written anew under those who read them: the old file's room is free at once, and all is read right. */
@EnabledOnOs(OS.LINUX)
@Timeout(240)
class ReplacedSegmentsTest {
    private static final EmbeddedConfig CONFIG =
            EmbeddedConfig.DEFAULT.withSegmentBytes(64 << 10).withFreeBytesMin(0);
    private static final int EVENTS = 60;
    private static final int DATA_BYTES = 3_000;
    private static final int ROUNDS = 25;
    private static final int READERS = 3;

    @TempDir
    private Path folder;

    private long nextId;

    private static byte[] data(long version) {
        byte[] data = new byte[DATA_BYTES];
        Arrays.fill(data, (byte) version);
        return data;
    }

    private void append(EventLog log, long version) {
        Event event = Event.of(BOARD, "drawn", EventData.binary(data(version)));
        await(log.append(request(BEN, online(++nextId, event))));
    }

    private void trim(EventLog log, long before) {
        await(log.trim(new TrimRequest(
                ORG, ANA, id(++nextId), BOARD, new ExpectedVersion.Any(), before, true, Caller.EMBEDDER)));
    }

    /** Mappings of files that are deleted: their room is not free. */
    private List<String> deletedAndMapped() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(folder.toString()) && line.endsWith("(deleted)"))
                    .toList();
        }
    }

    @Test
    void theRoomOfAReplacedSegmentIsFreeAtOnceAndWhoReadsInItGoesOn() throws Exception {
        try (EmbeddedEventLog log = EmbeddedEventLog.open(folder, CONFIG)) {
            for (long version = 1; version <= EVENTS; version++) {
                append(log, version);
            }
            AtomicBoolean isOver = new AtomicBoolean();
            List<CompletableFuture<Long>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(CompletableFuture.supplyAsync(
                        () -> readAll(log, isOver), task -> Thread.ofPlatform().start(task)));
            }
            try {
                for (int round = 1; round <= ROUNDS; round++) {
                    trim(log, round + 1);
                    log.compact();
                    assertEquals(List.of(), deletedAndMapped());
                }
            } finally {
                isOver.set(true);
            }
            for (CompletableFuture<Long> reader : readers) {
                assertTrue(await(reader) > 0);
            }
        }
    }

    /** @return how often everything was read */
    private static long readAll(EventLog log, AtomicBoolean isOver) {
        MergedRead merged = new MergedRead(0, EVENTS, EVENTS, 1 << 20, Set.of(), Set.of(), Set.of());
        AggregateRead ofBoard = new AggregateRead(0, EVENTS, EVENTS, 1 << 20, Set.of());
        long times = 0;
        while (!isOver.get()) {
            requireRight(log.readMerged(ORG, merged));
            requireRight(log.readAggregate(ORG, BOARD, ofBoard));
            times++;
        }
        return times;
    }

    private static void requireRight(EventPage page) {
        assertTrue(
                page.events().size() >= EVENTS - ROUNDS, "only " + page.events().size());
        for (RecordedEvent recorded : page.events()) {
            assertArrayEquals(
                    data(recorded.version()), recorded.event().data().bytes(), () -> "version " + recorded.version());
        }
    }
}

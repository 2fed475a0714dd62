package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.await;
import static celeriant.log.contract.LogFixture.fact;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import celeriant.log.Admission;
import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.EventLog;
import celeriant.model.AppendResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A repeat of an append without a sequence is one for as many days as are set, whatever was set before. */
class AppendIdDaysTest {
    private static final int OTHERS = 50;

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-06-01T12:00:00Z");

    private EventLog open(int days) throws Exception {
        EmbeddedConfig d =
                EmbeddedConfig.DEFAULT.withIndex(1 << 20, 8, 16 << 10).withSegmentBytes(64 << 10);
        EmbeddedConfig config = new EmbeddedConfig(
                d.segmentBytes(),
                d.groupBytesMax(),
                d.queueWritesMax(),
                d.queueBytesMax(),
                d.indexCacheBytes(),
                d.headCacheBytes(),
                d.indexFreezeRecords(),
                d.indexFlushBytes(),
                days,
                0,
                d.diskStall(),
                d.removalDeadline(),
                d.compressionLevel());
        return EmbeddedEventLog.open(folder, config, Admission.OPEN, () -> now, UUID::randomUUID);
    }

    private static AppendResult append(EventLog log, UUID id) {
        AppendOutcome outcome = await(log.append(AppendRequest.of(ORG, ANA, id, fact(BOARD, "a"))));
        return assertInstanceOf(AppendOutcome.Settled.class, outcome).results().getFirst();
    }

    @ParameterizedTest
    @CsvSource({"30, 7, 1", "8, 7, 1", "8, 7, 6", "7, 30, 6", "7, 3650, 6", "7, 7, 7", "30, 30, 30"})
    void aRepeatIsFound(int before, int after, int daysLater) throws Exception {
        UUID id = UUID.randomUUID();
        try (EventLog log = open(before)) {
            append(log, id);
        }
        now = now.plus(Duration.ofDays(daysLater));
        for (int round = 0; round < 2; round++) {
            try (EventLog log = open(after)) {
                for (int i = 0; i < OTHERS; i++) {
                    append(log, UUID.randomUUID());
                }
                assertInstanceOf(AppendResult.Duplicate.class, append(log, id));
            }
        }
    }

    @Test
    void idsOfMoreDaysAreLetGoOnceFewerAreSet() throws Exception {
        UUID id = UUID.randomUUID();
        try (EventLog log = open(30)) {
            append(log, id);
        }
        now = now.plus(Duration.ofDays(20));
        try (EventLog log = open(7)) {
            for (int i = 0; i < OTHERS; i++) {
                append(log, UUID.randomUUID());
            }
            assertInstanceOf(AppendResult.Appended.class, append(log, id));
        }
    }
}

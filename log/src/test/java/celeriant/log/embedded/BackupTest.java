package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.ORG;
import static celeriant.log.contract.LogFixture.await;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.id;
import static celeriant.log.contract.LogFixture.numbered;
import static celeriant.log.contract.LogFixture.request;
import static celeriant.log.contract.LogFixture.set;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.Caller;
import celeriant.log.LogHead;
import celeriant.log.TrimRequest;
import celeriant.log.embedded.backup.BackupReport;
import celeriant.log.embedded.index.RocksIndexStore;
import celeriant.log.embedded.index.RocksIndexStores;
import celeriant.log.embedded.journal.DurableMark;
import celeriant.log.embedded.journal.LogMeta;
import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.verify.Verify;
import celeriant.model.ExpectedVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of an open log: each is a log of its own, as of its moment. */
class BackupTest {
    private static final int APPENDS = 400;
    private static final EmbeddedConfig CONFIG =
            EmbeddedConfig.DEFAULT.withSegmentBytes(64 << 10).withCompressionLevel(0);

    @TempDir
    private Path folder;

    private EmbeddedEventLog log;
    private long sequence;

    @BeforeEach
    void open() throws IOException {
        log = EmbeddedEventLog.open(folder.resolve("log"), CONFIG);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private Path backup() {
        return folder.resolve("backup");
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            await(log.append(request(ANA, numbered(++sequence, set(BOARD, "k", "1"), fact(BOARD, "painted")))));
        }
    }

    private LogHead headOfBackup() throws IOException {
        assertEquals(List.of(), Verify.folder(backup()).findings());
        Path copy = Files.createTempDirectory(folder, "restored");
        try (var files = Files.list(backup())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        try (EmbeddedEventLog restored = EmbeddedEventLog.open(copy, CONFIG)) {
            return restored.head(ORG);
        }
    }

    @Test
    void aBackupIsTheLogAsItWas() throws IOException {
        append(APPENDS);
        LogHead then = log.head(ORG);
        log.backup(backup());
        append(APPENDS);
        assertEquals(then, headOfBackup());
    }

    @Test
    void theNextBackupTakesOnlyWhatIsNew() throws IOException {
        append(APPENDS);
        BackupReport first = log.backup(backup());
        append(APPENDS);
        BackupReport second = log.backup(backup());
        assertEquals(first.segments(), first.segmentsNew());
        assertTrue(first.segments() > 1, first.toString());
        assertTrue(second.segments() > first.segments(), second.toString());
        assertEquals(second.segments() - first.segments() + 1, second.segmentsNew());
        assertEquals(log.head(ORG), headOfBackup());
    }

    /** Each is the log as of one moment, with everything in it that was answered before it was asked for. */
    @Test
    void backupsOfALogThatIsBeingWrittenAndCompactedAreConsistent() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                append(1);
            }
        });
        try {
            for (int i = 0; i < 4; i++) {
                long answered = log.head(ORG).position();
                log.backup(backup());
                LogHead copied = headOfBackup();
                assertTrue(copied.position() >= answered, copied + " lacks what was answered at " + answered);
                assertEquals(copied.hash(), log.hashAt(ORG, copied.position()).orElseThrow());
                await(log.trim(new TrimRequest(
                        ORG, ANA, null, BOARD, new ExpectedVersion.Any(), 20 * (i + 1), true, Caller.EMBEDDER)));
                log.compact();
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void whatWasCompactedIsTakenAnew() throws IOException {
        append(APPENDS);
        log.backup(backup());
        await(log.trim(
                new TrimRequest(ORG, ANA, id(1), BOARD, new ExpectedVersion.Any(), APPENDS, true, Caller.EMBEDDER)));
        log.compact();
        long before = Files.mismatch(segment("backup"), segment("log"));
        assertTrue(before >= 0);
        log.backup(backup());
        assertEquals(-1, Files.mismatch(segment("backup"), segment("log")));
        assertEquals(log.head(ORG), headOfBackup());
    }

    @Test
    void aBackupOfWhichTheLastRecordIsDamagedIsNotOpened() throws IOException {
        append(3);
        log.backup(backup());
        Path last = backup().resolve(Segment.name(1));
        byte[] bytes = Files.readAllBytes(last);
        int at = bytes.length - 1;
        while (bytes[at] == 0) {
            at--;
        }
        bytes[at] ^= 1;
        Files.write(last, bytes);
        assertThrows(CorruptLogException.class, () -> EmbeddedEventLog.open(backup(), CONFIG));
    }

    private Path segment(String in) {
        return folder.resolve(in).resolve(Segment.name(1));
    }

    @Test
    void aBackupThatWasCutShortIsNotOpenedAndCanBeRunAgain() throws IOException {
        append(1);
        log.backup(backup());
        Files.createFile(backup().resolve(LogMeta.INCOMPLETE));
        assertThrows(CorruptLogException.class, () -> EmbeddedEventLog.open(backup(), CONFIG));
        log.backup(backup());
        assertFalse(Files.exists(backup().resolve(LogMeta.INCOMPLETE)));
    }

    @Test
    void aBackupThatFailsInItsLastStepLeavesAFolderThatIsNotOpened() throws IOException {
        append(APPENDS);
        log.backup(backup());
        append(APPENDS);
        Path mark = backup().resolve(DurableMark.FILE);
        Files.delete(mark);
        Files.createDirectories(mark.resolve("in the way"));
        assertThrows(IOException.class, () -> log.backup(backup()));
        String message = assertThrows(CorruptLogException.class, () -> EmbeddedEventLog.open(backup(), CONFIG))
                .getMessage();
        assertTrue(message.contains("run the backup again"), message);
        Files.delete(mark.resolve("in the way"));
        Files.delete(mark);
        log.backup(backup());
        assertEquals(log.head(ORG), headOfBackup());
    }

    /** The only copy of what came after the moment to which the log was put back. */
    @Test
    void aBackupOfALaterStateIsNotOverwrittenByALogThatWasPutBack() throws IOException {
        append(APPENDS);
        Path older = folder.resolve("older");
        log.backup(older);
        append(4 * APPENDS);
        log.backup(backup());
        LogHead later = log.head(ORG);
        try (EmbeddedEventLog putBack = EmbeddedEventLog.open(older, CONFIG)) {
            await(putBack.append(request(ANA, numbered(APPENDS + 1, fact(BOARD, "other")))));
            String message = assertThrows(IllegalArgumentException.class, () -> putBack.backup(backup()))
                    .getMessage();
            assertTrue(message.contains("later state"), message);
            Files.delete(backup().resolve(DurableMark.FILE));
            assertThrows(IllegalArgumentException.class, () -> putBack.backup(backup()));
        }
        log.backup(backup());
        assertEquals(later, headOfBackup());
    }

    @Test
    void aFolderOfSomethingElseIsRefused() throws IOException {
        Files.createDirectories(backup());
        Files.writeString(backup().resolve("diary.txt"), "dear");
        assertThrows(IllegalArgumentException.class, () -> log.backup(backup()));
        Path other = folder.resolve("other");
        EmbeddedEventLog.open(other, CONFIG).close();
        assertThrows(IllegalArgumentException.class, () -> log.backup(other));
        RocksIndexStore.delete(other.resolve(RocksIndexStores.FOLDER));
        assertThrows(IllegalArgumentException.class, () -> log.backup(other));
    }
}

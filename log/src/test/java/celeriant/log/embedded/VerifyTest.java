package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.EventLog;
import celeriant.log.embedded.journal.DurableMark;
import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.journal.SegmentHeader;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.embedded.verify.Verify;
import celeriant.log.embedded.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker agrees with the writer about a good folder, and notices each damaged byte. */
class VerifyTest {
    private static final int WRITES = 150;
    private static final int STEP = 61;

    @TempDir
    private Path folder;

    private EventLog open() throws IOException {
        return open(0);
    }

    private EventLog open(int compressionLevel) throws IOException {
        EmbeddedConfig config = EmbeddedConfig.DEFAULT.withSegmentBytes(64 << 10);
        return EmbeddedEventLog.open(folder, config.withCompressionLevel(compressionLevel));
    }

    private void fill() throws IOException {
        try (EventLog log = open()) {
            List<Workload.Write> writes = Workload.of(WRITES, new SplittableRandom(5));
            for (Workload.Write write : writes) {
                await(write.send(log));
            }
        }
    }

    @Test
    void aGoodFolderIsGood() throws IOException {
        fill();
        VerifyReport report = Verify.folder(folder);
        assertEquals(List.of(), report.findings());
        assertTrue(report.segments() >= 2, report.toString());
        assertTrue(report.appends() > WRITES / 2, report.toString());
        try (EventLog log = open()) {
            assertEquals(log.head("acme").logId(), report.logId());
            assertEquals(log.head("acme").position(), report.events());
        }
    }

    @Test
    void everyFlippedBitIsFoundAndNamed() throws IOException {
        fill();
        String name = Segment.name(1);
        byte[] good = Files.readAllBytes(folder.resolve(name));
        for (int at = 0; at < good.length; at += at < 56 ? 1 : STEP) {
            byte[] flipped = good.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(folder.resolve(name), flipped);
            VerifyReport report = Verify.folder(folder);
            assertFalse(report.isGood(), "flipped at " + at);
            assertEquals(name, report.findings().getFirst().file());
        }
    }

    /** With a tail behind the last record that is no record, or one that is cut. */
    @Test
    void whatWasAnsweredAndIsMissingAtTheEndIsToldFromATornTail() throws IOException {
        fill();
        String name = Segment.name(2);
        Path last = folder.resolve(name);
        byte[] good = Files.readAllBytes(last);
        int end = (int) endOf(Verify.folder(folder).durableUpTo());
        byte[] cut = good.clone();
        java.util.Arrays.fill(cut, end - 40, end, (byte) 0);
        Files.write(last, cut);
        assertFinding("damage, for the log was durable up to segment 2 offset " + end);
        assertFinding("what was answered is missing");
        byte[] longer = good.clone();
        longer[end + 3] = 9;
        Files.write(last, longer);
        assertFinding("a tail that was not answered if the process ended here");
        Files.delete(folder.resolve(DurableMark.FILE));
        assertFinding("which of them cannot be known");
        assertEquals("", Verify.folder(folder).durableUpTo());
    }

    private static long endOf(String durableUpTo) {
        assertTrue(durableUpTo.startsWith("segment 2 offset "), durableUpTo);
        return Long.parseLong(durableUpTo.substring(durableUpTo.lastIndexOf(' ') + 1));
    }

    private void assertFinding(String text) throws IOException {
        List<VerifyReport.Finding> findings = Verify.folder(folder).findings();
        assertTrue(findings.stream().anyMatch(found -> found.what().contains(text)), findings.toString());
    }

    @Test
    void aDamagedRecordIsNamedByItsAggregate() throws IOException {
        fill();
        Path first = folder.resolve(Segment.name(1));
        byte[] bytes = Files.readAllBytes(first);
        bytes[Segment.HEADER_BYTES + RecordFormat.RECORDED_AT] ^= 1;
        Files.write(first, bytes);
        assertFinding("of org acme, as far as that can be read");
    }

    @Test
    void everyFlippedBitOfTheMarkIsFound() throws IOException {
        fill();
        Path mark = folder.resolve(DurableMark.FILE);
        byte[] good = Files.readAllBytes(mark);
        for (int at = 0; at < good.length; at += at % 4096 < 40 ? 1 : STEP) {
            byte[] flipped = good.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(mark, flipped);
            VerifyReport report = Verify.folder(folder);
            assertFalse(report.isGood(), "flipped at " + at);
            assertEquals(DurableMark.FILE, report.findings().getFirst().file());
        }
    }

    @Test
    void aMissingSegmentIsFound() throws IOException {
        fill();
        Files.delete(folder.resolve(Segment.name(2)));
        assertFalse(Verify.folder(folder).isGood());
    }

    @Test
    void anOpenFolderAndAnEmptyOneAreRefused() throws IOException {
        assertThrows(NoSuchFileException.class, () -> Verify.folder(folder));
        try (EventLog log = open()) {
            assertEquals(0, log.head("acme").position());
            assertThrows(IllegalStateException.class, () -> Verify.folder(folder));
        }
    }

    @Test
    void aPackedFolderIsGoodAndEveryFlippedBitIsFound() throws IOException {
        fill();
        try (EventLog log = open(3)) {
            ((EmbeddedEventLog) log).compact();
        }
        String name = Segment.name(1);
        byte[] good = Files.readAllBytes(folder.resolve(name));
        assertEquals(SegmentHeader.PACKED, good[11]);
        assertEquals(List.of(), Verify.folder(folder).findings());
        for (int at = 0; at < good.length; at += at < 68 ? 1 : STEP) {
            byte[] flipped = good.clone();
            flipped[at] ^= (byte) (1 << at % 8);
            Files.write(folder.resolve(name), flipped);
            VerifyReport report = Verify.folder(folder);
            assertFalse(report.isGood(), "flipped at " + at);
            assertEquals(name, report.findings().getFirst().file());
        }
    }
}

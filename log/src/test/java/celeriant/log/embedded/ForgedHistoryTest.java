package celeriant.log.embedded;

import static celeriant.log.contract.LogFixture.ANA;
import static celeriant.log.contract.LogFixture.BOARD;
import static celeriant.log.contract.LogFixture.await;
import static celeriant.log.contract.LogFixture.fact;
import static celeriant.log.contract.LogFixture.numbered;
import static celeriant.log.contract.LogFixture.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.EventLog;
import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.record.ByteReader;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.embedded.verify.Verify;
import celeriant.log.embedded.verify.VerifyReport;
import celeriant.log.sequencer.HashChain;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records whose checks are right and whose story is not: what a faulty writer, or a hand, would leave. */
class ForgedHistoryTest {
    private static final int APPENDS = 600;
    private static final int FORGED = 5;
    private static final EmbeddedConfig CONFIG =
            EmbeddedConfig.DEFAULT.withSegmentBytes(64 << 10).withCompressionLevel(0);

    @TempDir
    private Path folder;

    private byte[] segment;
    private final List<Integer> records = new ArrayList<>();

    @BeforeEach
    void fill() throws IOException {
        try (EventLog log = EmbeddedEventLog.open(folder, CONFIG)) {
            for (int sequence = 1; sequence <= APPENDS; sequence++) {
                await(log.append(request(ANA, numbered(sequence, fact(BOARD, "painted")))));
            }
        }
        segment = Files.readAllBytes(path(1));
        ByteBuffer bytes = ByteBuffer.wrap(segment);
        for (int at = Segment.HEADER_BYTES; bytes.getInt(at) != 0; at += bytes.getInt(at)) {
            records.add(at);
        }
        assertEquals(List.of(), Verify.folder(folder).findings());
        assertTrue(Files.exists(path(2)));
    }

    private Path path(int number) {
        return folder.resolve(Segment.name(number));
    }

    private int forged() {
        return records.get(FORGED);
    }

    /** Puts the right check to what a record says now. */
    private void reseal(int at) {
        ByteBuffer bytes = ByteBuffer.wrap(segment);
        RecordFormat.seal(bytes, at, bytes.getInt(at), bytes.getLong(24), at);
    }

    private void assertFound(String text) throws IOException {
        reseal(forged());
        Files.write(path(1), segment);
        List<VerifyReport.Finding> findings = Verify.folder(folder).findings();
        VerifyReport.Finding first = findings.getFirst();
        assertTrue(findings.stream().anyMatch(found -> found.what().contains(text)), findings.toString());
        assertEquals(Segment.name(1), first.file());
        assertEquals(forged(), first.offset());
    }

    @Test
    void aChangedEventBreaksTheChain() throws IOException {
        segment[forged() + RecordFormat.RECORDED_AT + 7] ^= 1;
        assertFound("the hash after position " + (FORGED + 1) + " does not follow");
    }

    @Test
    void aPositionThatDoesNotFollow() throws IOException {
        segment[forged() + RecordFormat.POSITION + 7]++;
        assertFound("position " + (FORGED + 2) + " follows " + FORGED);
    }

    @Test
    void aSequenceThatDoesNotFollow() throws IOException {
        segment[forged() + RecordFormat.SEQUENCE + 7]++;
        assertFound("sequence " + (FORGED + 2) + " follows " + FORGED);
    }

    @Test
    void aVersionThatDoesNotFollow() throws IOException {
        ByteReader in = new ByteReader(segment, forged() + RecordFormat.HEAD_BYTES, segment.length);
        in.skipText();
        in.skip(HashChain.BYTES);
        in.skipText();
        in.varint();
        for (int names = in.count(); names > 0; names--) {
            in.skipText();
        }
        assertEquals(1, in.count());
        in.varint();
        in.varint();
        segment[in.at()]++;
        assertFound("version " + (FORGED + 2) + " follows " + FORGED);
    }

    @Test
    void aBackPointerThatLeadsElsewhere() throws IOException {
        segment[forged() + RecordFormat.PREVIOUS + 7] += 8;
        assertFound("points back to another place");
    }

    @Test
    void aGroupThatBeginsBeforeItsSegment() throws IOException {
        segment[forged() + RecordFormat.GROUP_BACK + 1] = 1;
        assertFound("its group begins before the segment does");
    }

    @Test
    void aSealThatIsGone() throws IOException {
        int seal = records.getLast();
        Arrays.fill(segment, seal, seal + Segment.SEAL_BYTES, (byte) 0);
        Files.write(path(1), segment);
        List<VerifyReport.Finding> findings = Verify.folder(folder).findings();
        String expected = "a record is here, although " + Segment.name(1) + " before it was not sealed";
        assertTrue(findings.stream().anyMatch(found -> found.what().equals(expected)), findings.toString());
    }
}

package celeriant.log.embedded.index;

import celeriant.log.embedded.journal.SegmentScanner;
import celeriant.log.embedded.record.ByteReader;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.log.embedded.record.CorruptLogException;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordFormat;

/**
 * Neighbouring records in a segment that hold appends of one org and of no other; so a scan of an org that is alone
 * costs one index entry for many appends.
 *
 * @param firstPosition of the first append
 * @param lastPosition of the last one's last event
 * @param bytes from {@code place} to the end of the last record
 * @param types of all its events, see {@link TypeMask}
 */
public record Run(long firstPosition, long lastPosition, long place, int bytes, long types) {
    private static final int ENTRY_BYTES = 64;

    public byte[] encoded() {
        ByteWriter out = new ByteWriter(ENTRY_BYTES);
        out.varint(lastPosition - firstPosition);
        out.varint(place);
        out.varint(bytes);
        out.putLong(types);
        return out.copy();
    }

    public static Run of(long firstPosition, byte[] encoded) {
        ByteReader in = new ByteReader(encoded);
        return new Run(firstPosition, firstPosition + in.varint(), in.varint(), (int) in.varint(), in.readLong());
    }

    Run extendedBy(RecordBytes record, long newLastPosition, long moreTypes) {
        return new Run(firstPosition, newLastPosition, place, (int) (record.end() - place), types | moreTypes);
    }

    /** Throws if a scanner of the run's records found no more of them before the run's end. */
    public void requireEnd(SegmentScanner scanner) {
        if (scanner.offset() != RecordFormat.offsetOf(place) + bytes) {
            throw CorruptLogException.at(
                    RecordFormat.place(RecordFormat.segmentOf(place), scanner.offset()),
                    "the record's check does not agree with its bytes" + scanner.damagedNames());
        }
    }
}

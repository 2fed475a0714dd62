package celeriant.log.embedded.journal;

import celeriant.log.embedded.record.ByteReader;
import celeriant.log.embedded.record.ByteWriter;
import java.util.UUID;

/**
 * Up to where the index covers the journal, written with every batch.
 *
 * @param end the place behind the last record
 * @param lastPlace of that record
 * @param lastIdentity of that record, see {@code RecordBytes}
 */
public record Covered(UUID logId, long end, long lastPlace, long lastIdentity) {
    /**
     * The format of keys and values. 1: the first. 2: a run says which types it holds. 3: heads are kept packed, too.
     * 4: an append's entry says how its aggregate is; the one under the name is older. 5: what is covered says which
     * record was the last. 6: packed heads have files of their own. An index of another format is deleted and built
     * anew.
     */
    static final int FORMAT = 6;

    private static final int ENTRY_BYTES = 64;

    public static Covered nothing(UUID logId) {
        return new Covered(logId, 0, 0, 0);
    }

    public byte[] bytes() {
        ByteWriter out = new ByteWriter(ENTRY_BYTES);
        out.putByte(FORMAT);
        out.putLong(logId.getMostSignificantBits());
        out.putLong(logId.getLeastSignificantBits());
        out.varint(end);
        out.varint(lastPlace);
        out.putLong(lastIdentity);
        return out.copy();
    }

    /** Null if it is of another format. */
    public static Covered of(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        if (in.readByte() != FORMAT) {
            return null;
        }
        return new Covered(in.readUuid(), in.varint(), in.varint(), in.readLong());
    }
}

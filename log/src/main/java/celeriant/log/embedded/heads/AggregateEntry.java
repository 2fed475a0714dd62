package celeriant.log.embedded.heads;

import celeriant.log.embedded.record.ByteReader;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.log.sequencer.AggregateHead;

/**
 * What the index holds of an aggregate.
 *
 * @param number see {@code IndexKeys}
 * @param snapshotPlace of the published snapshot's record, 0 if there is none
 */
public record AggregateEntry(AggregateHead head, long number, long snapshotPlace) {
    private static final int ENTRY_BYTES = 64;
    private static final int EXISTS = 1;
    private static final int RECREATABLE = 2;

    public byte[] bytes() {
        ByteWriter out = new ByteWriter(ENTRY_BYTES);
        out.putByte((head.exists() ? EXISTS : 0) | (head.recreatable() ? RECREATABLE : 0));
        out.varint(head.version());
        out.varint(head.createdVersion());
        out.varint(head.firstVersion());
        out.varint(head.lastKeylessVersion());
        out.varint(head.snapshotVersion());
        out.varint(head.recordedAtMillis());
        out.varint(number);
        out.varint(snapshotPlace);
        return out.copy();
    }

    public static AggregateEntry of(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int flags = in.readByte();
        long version = in.varint();
        AggregateHead head = new AggregateHead(
                version,
                (flags & EXISTS) != 0,
                (flags & RECREATABLE) != 0,
                in.varint(),
                in.varint(),
                in.varint(),
                in.varint(),
                in.varint());
        return new AggregateEntry(head, in.varint(), in.varint());
    }
}

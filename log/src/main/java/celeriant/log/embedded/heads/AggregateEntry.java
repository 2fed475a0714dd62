package celeriant.log.embedded.heads;

import celeriant.log.embedded.record.ByteReader;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.log.sequencer.AggregateHead;

/**
 * What the index holds of an aggregate. It stands under the aggregate's name, with its number, and without it beside
 * the place of the last append that changed it: appends go on, and their entries are written anyway.
 *
 * @param number see {@code IndexKeys}
 * @param snapshotPlace of the published snapshot's record, 0 if there is none
 */
public record AggregateEntry(AggregateHead head, long number, long snapshotPlace) {
    private static final int ENTRY_BYTES = 64;
    private static final int EXISTS = 1;
    private static final int RECREATABLE = 2;
    /** Created once, never trimmed, without a snapshot: that is not told of each. */
    private static final int PLAIN = 4;

    private boolean isPlain() {
        return head.createdVersion() == 1
                && head.firstVersion() == 1
                && head.snapshotVersion() == 0
                && snapshotPlace == 0;
    }

    public byte[] bytes() {
        ByteWriter out = new ByteWriter(ENTRY_BYTES);
        out.varint(number);
        addUnnumbered(out);
        return out.copy();
    }

    public static AggregateEntry of(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        return unnumbered(in.varint(), in);
    }

    /** All but the number, behind what is there. */
    public void addUnnumbered(ByteWriter out) {
        int flags = (head.exists() ? EXISTS : 0) | (head.recreatable() ? RECREATABLE : 0);
        out.putByte(flags | (isPlain() ? PLAIN : 0));
        out.varint(head.version());
        out.varint(head.version() - head.lastKeylessVersion());
        out.varint(head.recordedAtMillis());
        if (!isPlain()) {
            out.varint(head.createdVersion());
            out.varint(head.firstVersion());
            out.varint(head.snapshotVersion());
            out.varint(snapshotPlace);
        }
    }

    /** What {@link #addUnnumbered} added. */
    public static AggregateEntry unnumbered(long number, ByteReader in) {
        int flags = in.readByte();
        boolean isPlain = (flags & PLAIN) != 0;
        long version = in.varint();
        long lastKeyless = version - in.varint();
        long recordedAt = in.varint();
        AggregateHead head = new AggregateHead(
                version,
                (flags & EXISTS) != 0,
                (flags & RECREATABLE) != 0,
                isPlain ? 1 : in.varint(),
                isPlain ? 1 : in.varint(),
                lastKeyless,
                isPlain ? 0 : in.varint(),
                recordedAt);
        return new AggregateEntry(head, number, isPlain ? 0 : in.varint());
    }
}

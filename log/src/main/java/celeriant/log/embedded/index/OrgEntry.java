package celeriant.log.embedded.index;

import celeriant.log.embedded.record.ByteReader;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.log.sequencer.HashChain;
import celeriant.log.sequencer.OrgHead;

/**
 * What the index holds of an org.
 *
 * @param discards trims and deletes so far: as long as there is none, no reader needs to ask what is still there
 */
public record OrgEntry(OrgHead head, long discards) {
    private static final int ENTRY_BYTES = 64;

    static final OrgEntry EMPTY = new OrgEntry(OrgHead.EMPTY, 0);

    public byte[] bytes() {
        ByteWriter out = new ByteWriter(ENTRY_BYTES);
        out.varint(head.position());
        out.bytes(head.hash());
        out.varint(discards);
        return out.copy();
    }

    public static OrgEntry of(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        OrgHead head = new OrgHead(in.varint(), in.bytes(HashChain.BYTES));
        return new OrgEntry(head, in.varint());
    }
}

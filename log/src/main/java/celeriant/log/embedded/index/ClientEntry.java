package celeriant.log.embedded.index;

import celeriant.log.embedded.record.ByteReader;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.model.ClientHead;

/**
 * What the index holds of a client in an org.
 *
 * @param place of the record of its latest settled append
 */
public record ClientEntry(ClientHead head, long place) {
    private static final int ENTRY_BYTES = 64;

    public byte[] bytes() {
        ByteWriter out = new ByteWriter(ENTRY_BYTES);
        out.varint(head.sequence());
        out.putLong(head.id().getMostSignificantBits());
        out.putLong(head.id().getLeastSignificantBits());
        out.varint(head.position());
        out.varint(place);
        return out.copy();
    }

    public static ClientEntry of(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        ClientHead head = new ClientHead(in.varint(), in.readUuid(), in.varint());
        return new ClientEntry(head, in.varint());
    }
}

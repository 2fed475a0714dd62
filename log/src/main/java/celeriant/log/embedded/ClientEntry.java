package celeriant.log.embedded;

import celeriant.model.ClientHead;

/**
 * What the index holds of a client in an org.
 *
 * @param place of the record of its latest settled append
 */
record ClientEntry(ClientHead head, long place) {
    private static final int ENTRY_BYTES = 64;

    byte[] bytes() {
        ByteWriter out = new ByteWriter(ENTRY_BYTES);
        out.varint(head.sequence());
        out.putLong(head.id().getMostSignificantBits());
        out.putLong(head.id().getLeastSignificantBits());
        out.varint(head.position());
        out.varint(place);
        return out.copy();
    }

    static ClientEntry of(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        ClientHead head = new ClientHead(in.varint(), in.readUuid(), in.varint());
        return new ClientEntry(head, in.varint());
    }
}

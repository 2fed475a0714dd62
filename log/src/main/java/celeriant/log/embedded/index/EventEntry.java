package celeriant.log.embedded.index;

import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.record.ByteReader;
import celeriant.log.embedded.record.ByteWriter;

/**
 * What the index holds of an append to an aggregate, under the version of its first event there.
 *
 * <pre>
 * place      varint, of the record
 * aggregate  {@link AggregateEntry} without its number: as it is behind the append; only with the last of a batch
 * </pre>
 *
 * The last of all is in some batch the last, so how an aggregate is stands there, and an append costs one key. Under
 * the aggregate's name there is its entry of the batch that made it, or published a snapshot of it, which is no append.
 * Of the two the one with the higher version is how it is; with the same version it is that of the name.
 */
public final class EventEntry {
    private static final int ENTRY_BYTES = 64;

    private EventEntry() {}

    static byte[] bytes(long place) {
        ByteWriter out = new ByteWriter(ByteWriter.VARINT_BYTES_MAX);
        out.varint(place);
        return out.copy();
    }

    /** The last of a batch. */
    static byte[] bytes(long place, AggregateEntry after) {
        ByteWriter out = new ByteWriter(ENTRY_BYTES);
        out.varint(place);
        after.addUnnumbered(out);
        return out.copy();
    }

    public static long place(byte[] bytes) {
        return new ByteReader(bytes).varint();
    }

    /** How the last append to an aggregate of that number left it. */
    static AggregateEntry after(long number, byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        in.varint();
        return AggregateEntry.unnumbered(number, in);
    }
}

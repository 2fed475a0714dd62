package celeriant.log.embedded.compaction;

import celeriant.log.embedded.record.ByteReader;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordEncoder;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.sequencer.HashChain;
import celeriant.log.sequencer.Tombstone;
import celeriant.model.AggregateId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Takes out of a record what may go, in its own length, so that every place, pointer and hash stays what it was: zeros
 * stand for the content. Of an event its aggregate's number is left, of a snapshot nothing; a name that no event of the
 * record uses any more is zeroed, too. Tombstones are never touched. The shapes stand in {@link RecordEncoder}.
 *
 * <p>Confined to one thread.
 */
final class RecordCleaner {
    private static final byte[] JSON_NULL = "null".getBytes(StandardCharsets.UTF_8);
    private static final int ID_BYTES = 2 * Long.BYTES;

    private record Name(int start, int length, String text) {}

    private final Removable removable;
    private RecordBytes record;
    private ByteReader in;
    private byte[] cleaned;
    private Name[] names;
    private BitSet usedNames;
    private AggregateId[] aggregates;
    private long[] nextVersions;

    RecordCleaner(Removable removable) {
        this.removable = removable;
    }

    /** The record without what may go, complete but for its check; null if nothing in it may go. */
    byte[] clean(RecordBytes dirty) {
        if (removable == Removable.NOTHING) {
            return null;
        }
        record = dirty;
        in = dirty.body();
        cleaned = null;
        switch (dirty.kind()) {
            case APPEND -> append();
            case SNAPSHOT -> snapshot();
            case REJECTION, SEAL, REMOVED -> {}
        }
        return cleaned;
    }

    private void snapshot() {
        String org = in.text();
        AggregateId aggregate = new AggregateId(in.text(), in.text());
        if (removable.snapshot(org, aggregate, record.place())) {
            byte[] copy = copy();
            copy[RecordFormat.KIND] = (byte) RecordFormat.Kind.REMOVED.number;
            Arrays.fill(copy, RecordFormat.HEAD_BYTES, copy.length, (byte) 0);
        }
    }

    private byte[] copy() {
        if (cleaned == null) {
            cleaned = Arrays.copyOfRange(record.bytes(), record.start(), record.start() + record.length());
        }
        return cleaned;
    }

    private void append() {
        String org = in.text();
        in.skip(HashChain.BYTES);
        in.skipText();
        in.varint();
        readNames();
        readAggregates();
        for (int i = 0; i < record.eventCount(); i++) {
            event(org);
        }
        if (cleaned != null) {
            for (int i = usedNames.nextClearBit(0); i < names.length; i = usedNames.nextClearBit(i + 1)) {
                Arrays.fill(cleaned, names[i].start, names[i].start + names[i].length, (byte) 0);
            }
        }
    }

    private void readNames() {
        names = new Name[in.count()];
        usedNames = new BitSet(names.length);
        for (int i = 0; i < names.length; i++) {
            String text = in.text();
            int length = text.getBytes(StandardCharsets.UTF_8).length;
            names[i] = new Name(in.at() - length - record.start(), length, text);
        }
    }

    private void readAggregates() {
        aggregates = new AggregateId[in.count()];
        nextVersions = new long[aggregates.length];
        for (int i = 0; i < aggregates.length; i++) {
            int type = (int) in.varint();
            int id = (int) in.varint();
            usedNames.set(type);
            usedNames.set(id);
            aggregates[i] = new AggregateId(names[type].text, names[id].text);
            nextVersions[i] = in.varint();
        }
    }

    private void event(String org) {
        int start = in.at();
        int flags = in.readByte();
        if ((flags & RecordEncoder.REMOVED) != 0) {
            int rest = in.readInt();
            nextVersions[(int) in.varint()]++;
            in.skip(rest);
            return;
        }
        in.skip(ID_BYTES);
        int aggregate = (int) in.varint();
        int[] used = namesOf(flags);
        if ((flags & RecordEncoder.ENCRYPTION) != 0) {
            in.skipText();
        }
        String key = (flags & RecordEncoder.KEY) == 0 ? null : in.text();
        if ((flags & RecordEncoder.TIME) != 0) {
            in.skipText();
        }
        byte[] data = in.bytes(in.count());
        boolean clears = (flags & RecordEncoder.BINARY) == 0 && Arrays.equals(data, JSON_NULL);
        long version = nextVersions[aggregate]++;
        boolean goes = !Tombstone.isTombstone(names[used[0]].text)
                && removable.event(org, aggregates[aggregate], version, key, clears);
        if (goes) {
            remove(start - record.start(), in.at() - record.start(), aggregate);
        } else {
            for (int name : used) {
                usedNames.set(name);
            }
        }
    }

    /** The numbers of the names that an event uses, its type's first. */
    private int[] namesOf(int flags) {
        int count = 1
                + ((flags & RecordEncoder.TYPE_VERSION) == 0 ? 0 : 1)
                + ((flags & RecordEncoder.CONTENT_TYPE) == 0 ? 0 : 1)
                + ((flags & RecordEncoder.ENCRYPTION) == 0 ? 0 : 2);
        int[] used = new int[count];
        for (int i = 0; i < count; i++) {
            used[i] = (int) in.varint();
        }
        return used;
    }

    private void remove(int from, int to, int aggregate) {
        ByteWriter removed = new ByteWriter(to - from);
        removed.putByte(RecordEncoder.REMOVED);
        removed.putInt(0);
        removed.varint(aggregate);
        removed.overwriteInt(1, to - from - removed.size());
        removed.zeros(to - from - removed.size());
        System.arraycopy(removed.copy(), 0, copy(), from, to - from);
    }
}

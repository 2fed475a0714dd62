package celeriant.log.embedded.index;

import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.log.embedded.system.ThreadRank;
import celeriant.model.ClientId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a {@link Recent} changes in the store, in the order of the keys: entries that come sorted cost the store half as
 * much. Confined to the thread that writes the store.
 */
final class RecentEntries {
    /** About 0.1 ms of work. */
    private static final int AT_ONCE = 256;

    private record Range(byte[] from, byte[] to) {}

    /** {@code value} is null where the entry goes. */
    private record Entry(byte[] key, byte[] value) {}

    private final List<Range> goneBefore = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    private RecentEntries() {}

    static RecentEntries of(Recent recent) {
        RecentEntries made = new RecentEntries();
        recent.orgs().forEach(made::org);
        return made;
    }

    /** No key comes twice, so their order means nothing; the ranges are of older ones. */
    void writeTo(IndexStore.Batch batch) {
        goneBefore.forEach(range -> batch.deleteRange(range.from, range.to));
        entries.sort((one, other) -> Arrays.compareUnsigned(one.key, other.key));
        int done = 0;
        for (Entry entry : entries) {
            giveWayAt(++done);
            if (entry.value == null) {
                batch.delete(entry.key);
            } else {
                batch.put(entry.key, entry.value);
            }
        }
    }

    private void put(byte[] key, byte[] value) {
        entries.add(new Entry(key, value));
        giveWayAt(entries.size());
    }

    private static void giveWayAt(int done) {
        if (done % AT_ONCE == 0) {
            ThreadRank.giveWay();
        }
    }

    private void org(String org, RecentOrg changes) {
        put(IndexKeys.org(org), changes.entry().bytes());
        changes.runs().forEach((position, run) -> put(IndexKeys.merged(org, position), run.encoded()));
        changes.aggregates().forEach((id, aggregate) -> {
            if (aggregate.isNamed()) {
                put(IndexKeys.aggregate(org, id), aggregate.entry().bytes());
            }
            events(aggregate);
            registers(aggregate);
        });
        changes.clients().forEach((client, appends) -> client(org, client, appends));
        changes.appendIds()
                .forEach((key, append) ->
                        put(IndexKeys.appendId(append.bucket(), org, key.client(), key.id()), place(append.place())));
    }

    private void client(String org, ClientId client, RecentOrg.RecentClient appends) {
        put(IndexKeys.client(org, client), appends.entry().bytes());
        for (int i = 0; i < appends.appends().size(); i++) {
            long sequence = appends.appends().number(i);
            if (sequence % IndexKeys.SEQUENCE_STEP == 0) {
                put(
                        IndexKeys.sequence(org, client, sequence),
                        place(appends.appends().place(i)));
            }
        }
    }

    private void events(RecentAggregate aggregate) {
        PlaceList events = aggregate.events();
        AggregateEntry after = aggregate.entry();
        int last = events.size() - 1;
        for (int i = 0; i <= last; i++) {
            long place = events.place(i);
            byte[] value = i == last ? EventEntry.bytes(place, after) : EventEntry.bytes(place);
            put(IndexKeys.event(after.number(), events.number(i)), value);
        }
    }

    private void registers(RecentAggregate aggregate) {
        long number = aggregate.entry().number();
        if (aggregate.hidesOlderRegisters()) {
            goneBefore.add(new Range(IndexKeys.registersStart(number), IndexKeys.registersEnd(number)));
        }
        Map<String, RecentAggregate.RegisterPlace> registers = aggregate.registers();
        if (registers != null) {
            registers.forEach((key, set) -> put(IndexKeys.register(number, key), set.place() == 0 ? null : place(set)));
        }
    }

    private static byte[] place(RecentAggregate.RegisterPlace set) {
        ByteWriter value = new ByteWriter(ByteWriter.VARINT_BYTES_MAX * 2);
        value.varint(set.place());
        value.varint(set.version());
        return value.copy();
    }

    private static byte[] place(long place) {
        return EventEntry.bytes(place);
    }
}

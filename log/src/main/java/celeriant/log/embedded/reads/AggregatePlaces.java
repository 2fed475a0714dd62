package celeriant.log.embedded.reads;

import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.index.EventEntry;
import celeriant.log.embedded.index.EventPlaces;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.index.IndexKeys;
import celeriant.log.embedded.index.IndexStore;
import celeriant.log.embedded.index.PlaceList;
import celeriant.model.AggregateId;
import java.util.Arrays;
import java.util.List;

/**
 * The places of one aggregate's appends from a place in the journal on. The index has them by version; places rise with
 * versions, so the first one is found by halving. Bounded memory; confined to one thread.
 */
final class AggregatePlaces {
    private static final int FETCHED = 64;

    private final Index index;
    private final String org;
    private final AggregateId aggregate;
    private long[] places = new long[0];
    private int at;
    private long from;

    AggregatePlaces(Index index, String org, AggregateId aggregate, long fromPlace) {
        this.index = index;
        this.org = org;
        this.aggregate = aggregate;
        this.from = fromPlace;
        fetch();
    }

    /** The next append's place; 0 at the end. */
    long place() {
        return at < places.length ? places[at] : 0;
    }

    /** Goes on to the one after it. */
    void advance() {
        at++;
        if (at == places.length && at == FETCHED) {
            fetch();
        }
    }

    private void fetch() {
        at = 0;
        AggregateEntry entry = index.aggregateEntry(org, aggregate);
        long version = entry == null ? 0 : firstVersion(entry);
        if (version == 0) {
            places = new long[0];
            return;
        }
        long[] found = new long[FETCHED];
        int count = 0;
        try (EventPlaces events = index.events(org, aggregate, entry, version)) {
            for (long place = events.next(); place != 0; place = events.next()) {
                found[count++] = place;
                if (count == FETCHED) {
                    from = place + 1;
                    break;
                }
            }
        }
        places = Arrays.copyOf(found, count);
    }

    /** The version that begins the first append at or behind the place; 0 if there is none. */
    private long firstVersion(AggregateEntry entry) {
        List<PlaceList> recents = index.eventLists(org, aggregate);
        if (recents.isEmpty() || recents.get(0).place(0) >= from) {
            long known = recents.isEmpty() ? 0 : recents.get(0).number(0);
            return firstStored(entry, known);
        }
        for (PlaceList list : recents) {
            int found = list.atOrBehind(from);
            if (found >= 0) {
                return list.number(found);
            }
        }
        return 0;
    }

    /** @param known a version that does, behind all that is stored; 0 if there is none */
    private long firstStored(AggregateEntry entry, long known) {
        long low = 1;
        long high = known == 0 ? entry.head().version() + 1 : known;
        if (isBefore(entry.number(), high - 1)) {
            return known;
        }
        while (low < high) {
            long middle = (low + high) >>> 1;
            try (IndexStore.Cursor cursor = floor(entry.number(), middle)) {
                if (cursor.isValid() && place(cursor) >= from) {
                    high = IndexKeys.versionOf(cursor.key());
                } else {
                    low = middle + 1;
                }
            }
        }
        return high;
    }

    /** Whether the append that holds a version is before the place. */
    private boolean isBefore(long number, long version) {
        try (IndexStore.Cursor cursor = floor(number, version)) {
            return !cursor.isValid() || place(cursor) < from;
        }
    }

    private IndexStore.Cursor floor(long number, long version) {
        return index.store()
                .cursorAtFloor(
                        IndexKeys.event(number, 0),
                        IndexKeys.event(number, version),
                        IndexKeys.event(number, version + 1));
    }

    private static long place(IndexStore.Cursor cursor) {
        return EventEntry.place(cursor.value());
    }
}

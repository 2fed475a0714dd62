package celeriant.log.embedded.index;

import java.util.List;

/**
 * The places of an aggregate's records in the order of its versions: what the store has, then what the recents have.
 * Bounded memory; confined to one thread.
 */
public final class EventPlaces implements AutoCloseable {
    private final long number;
    private final List<PlaceList> recents;
    private final long fromVersion;
    private final IndexStore.Cursor stored;
    private int list;
    private int at;

    /** @param recents the oldest first, none empty */
    EventPlaces(IndexStore store, long number, List<PlaceList> recents, long fromVersion) {
        this.number = number;
        this.recents = recents;
        this.fromVersion = fromVersion;
        while (list + 1 < recents.size() && recents.get(list + 1).number(0) <= fromVersion) {
            list++;
        }
        boolean inRecents = !recents.isEmpty() && recents.get(list).number(0) <= fromVersion;
        this.at = inRecents ? recents.get(list).floor(fromVersion) : 0;
        this.stored = inRecents ? null : open(store);
    }

    private IndexStore.Cursor open(IndexStore store) {
        byte[] lowest = IndexKeys.event(number, 0);
        byte[] end = IndexKeys.event(
                number, recents.isEmpty() ? Long.MAX_VALUE : recents.get(0).number(0));
        return store.cursorAtFloor(lowest, IndexKeys.event(number, fromVersion), end);
    }

    /** The next record's place; 0 at the end. */
    public long next() {
        if (stored != null && stored.isValid()) {
            long place = EventEntry.place(stored.value());
            stored.next();
            return place;
        }
        while (list < recents.size()) {
            PlaceList places = recents.get(list);
            if (at < places.size()) {
                return places.place(at++);
            }
            list++;
            at = 0;
        }
        return 0;
    }

    @Override
    public void close() {
        if (stored != null) {
            stored.close();
        }
    }
}

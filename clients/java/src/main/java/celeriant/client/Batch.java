package celeriant.client;

import celeriant.client.buffer.PendingAppend;
import celeriant.model.After;
import celeriant.model.Event;
import java.util.ArrayList;
import java.util.List;

/** What goes in one request; {@code after} is null if the first append is the first of all. */
record Batch(After after, List<PendingAppend> appends) {
    /** JSON around an event's data, about: names, quotes, an id. */
    private static final int EVENT_OVERHEAD_BYTES = 256;

    /** As many of these as go into one request. */
    static Batch of(After after, Iterable<PendingAppend> pending, int limit) {
        List<PendingAppend> appends = new ArrayList<>();
        long bytes = 0;
        for (PendingAppend append : pending) {
            bytes += sizeOf(append);
            if (appends.size() == limit || !appends.isEmpty() && bytes > ClientLimits.PUSH_BYTES_MAX) {
                break;
            }
            appends.add(append);
        }
        return new Batch(after, appends);
    }

    /** The place of its last append; there is one. */
    After last() {
        PendingAppend last = appends.get(appends.size() - 1);
        return new After(last.sequence(), last.id());
    }

    private static long sizeOf(PendingAppend append) {
        long bytes = EVENT_OVERHEAD_BYTES;
        for (Event event : append.events()) {
            bytes += EVENT_OVERHEAD_BYTES + event.data().bytes().length * 4L / 3;
        }
        return bytes;
    }
}

package celeriant.gateway.stream;

import celeriant.gateway.http.Frame;
import celeriant.gateway.read.EventFilter;
import celeriant.model.RecordedEvent;
import celeriant.wire.JsonBytes;
import java.util.ArrayList;
import java.util.List;

/**
 * What to write to subscribers that ask for the same. Immutable.
 *
 * @param last the position that it covers
 * @param frame what those see who see everything that they ask for; null if that is nothing
 * @param relevant the events in it that are asked for, and those that may change who sees these
 * @param passing how many are asked for
 */
record Chunk(long last, Frame frame, List<RecordedEvent> relevant, int passing) {
    /** {@code isShared}: whether it is for more than one. */
    static Chunk of(List<EncodedAppends> appends, EventFilter filter, boolean isShared) {
        long last = appends.getLast().last();
        List<RecordedEvent> relevant = new ArrayList<>();
        int passing = 0;
        for (EncodedAppends each : appends) {
            for (RecordedEvent recorded : each.events()) {
                boolean passes = filter.passes(recorded);
                passing += passes ? 1 : 0;
                if (passes || filter.isBesideCovered(recorded.event().aggregate())) {
                    relevant.add(recorded);
                }
            }
        }
        return new Chunk(last, passing == 0 ? null : frame(appends, filter, isShared), relevant, passing);
    }

    /** The same in memory that its readers share. */
    Chunk forMany() {
        return frame == null || frame.isShared()
                ? this
                : new Chunk(last, Frame.shared(frame.bytes()), relevant, passing);
    }

    private static Frame frame(List<EncodedAppends> appends, EventFilter filter, boolean isShared) {
        JsonBytes out = new JsonBytes(Feed.CHUNK_BYTES / 4);
        SseText.beginEvents(appends.getLast().last(), out);
        appends.forEach(append -> append.write(filter, out));
        SseText.endEvents(out);
        byte[] bytes = out.toByteArray();
        return isShared ? Frame.shared(bytes) : Frame.of(bytes);
    }
}

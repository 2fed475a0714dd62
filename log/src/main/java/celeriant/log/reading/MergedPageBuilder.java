package celeriant.log.reading;

import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a page of the merged log. The engine offers the events that are still there in the order of positions and says
 * where each append ends; the page is full at the end of the append that reaches a limit. Confined to one thread.
 */
public final class MergedPageBuilder {
    private final MergedRead read;
    private final MergedFilter filter;
    private final long head;
    private final List<RecordedEvent> events = new ArrayList<>();
    private long bytes;
    private long covered;

    /** @param head the org's position at the time of the read: nothing above it is looked at */
    public MergedPageBuilder(MergedRead read, long head) {
        this.read = read;
        this.filter = MergedFilter.of(read);
        this.head = head;
        this.covered = read.after();
    }

    /** The last position that belongs into this read. */
    public long end() {
        return Math.min(read.to(), head);
    }

    public MergedFilter filter() {
        return filter;
    }

    /** Takes the event if it is in the range and passes the filter. */
    public void offer(RecordedEvent recorded) {
        boolean inRange = recorded.position() > read.after() && recorded.position() <= end();
        if (inRange && filter.passes(recorded)) {
            events.add(recorded);
            bytes += recorded.event().data().bytes().length;
        }
    }

    /**
     * Says that everything up to {@code lastPosition}, the end of an append, was offered or does not pass.
     *
     * @return whether to go on: false once the page is full or the end is reached
     */
    public boolean endAppend(long lastPosition) {
        covered = Math.max(covered, Math.min(lastPosition, end()));
        return covered < end() && events.size() < read.limit() && bytes < read.bytesMax();
    }

    /** The page as far as it was covered. */
    public EventPage page() {
        return new EventPage(events, covered, covered >= end(), head, 1);
    }
}

package celeriant.log.reading;

import celeriant.log.AggregateRead;
import celeriant.log.EventPage;
import celeriant.log.sequencer.AggregateHead;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a page of one aggregate. The engine offers its events from {@link #start} on, in the order of their versions
 * and without a gap. Confined to one thread.
 */
public final class AggregatePageBuilder {
    private final AggregateRead read;
    private final AggregateHead head;
    private final List<RecordedEvent> events = new ArrayList<>();
    private long bytes;
    private long covered;

    public AggregatePageBuilder(AggregateRead read, AggregateHead head) {
        this.read = read;
        this.head = head;
        this.covered = read.after();
    }

    /** The first version to offer: the one after {@code after}, or the first that is still there. */
    public long start() {
        return Math.max(Math.min(read.after(), Long.MAX_VALUE - 1) + 1, head.firstVersion());
    }

    /** The last version to offer; below {@link #start} if there is none. */
    public long end() {
        return Math.min(read.to(), head.version());
    }

    /** Takes the next event; @return whether to go on: false once the page is full or the end is reached. */
    public boolean offer(RecordedEvent recorded) {
        covered = recorded.version();
        if (read.eventTypes().isEmpty()
                || read.eventTypes().contains(recorded.event().type())) {
            events.add(recorded);
            bytes += recorded.event().data().bytes().length;
        }
        return covered < end() && events.size() < read.limit() && bytes < read.bytesMax();
    }

    /** The page as far as it was covered. */
    public EventPage page() {
        boolean last = start() > end() || covered >= end();
        return new EventPage(
                events, last ? Math.max(covered, end()) : covered, last, head.version(), head.firstVersion());
    }
}

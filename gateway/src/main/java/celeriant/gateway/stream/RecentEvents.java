package celeriant.gateway.stream;

import celeriant.log.LogHead;
import celeriant.model.RecordedEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The latest events of one org's log, bounded in bytes; what falls out is read from the log. The writer's thread adds,
 * event loops look: one short lock.
 */
final class RecentEvents {
    private static final int GROUP_BYTES = 16 * 1024;

    /** Half of what a subscriber is written at once, so that wherever it begins the end of a block is within reach. */
    private static final int BLOCK_BYTES = Feed.CHUNK_BYTES / 2;

    private final long bytesMax;
    private final Deque<EncodedAppends> groups = new ArrayDeque<>();
    private long bytes;
    private volatile LogHead head;

    /** Of the writer's thread. */
    private long bytesOfBlock;

    RecentEvents(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Adds whole appends, in the order of the log. */
    void add(List<RecordedEvent> events, LogHead newHead) {
        List<EncodedAppends> added = grouped(events);
        synchronized (this) {
            for (EncodedAppends group : added) {
                groups.addLast(group);
                bytes += group.bytes();
            }
            while (bytes > bytesMax && groups.size() > 1) {
                bytes -= groups.removeFirst().bytes();
            }
            head = newHead;
        }
    }

    /** Holds nothing up to {@code newHead}: something before it is not known here. */
    synchronized void startAnew(LogHead newHead) {
        groups.clear();
        bytes = 0;
        head = newHead;
    }

    private List<EncodedAppends> grouped(List<RecordedEvent> events) {
        List<EncodedAppends> added = new ArrayList<>(1);
        long size = 0;
        int from = 0;
        for (int i = 0; i < events.size(); i++) {
            size += EncodedAppends.sizeOf(events.get(i));
            boolean ends = i == events.size() - 1
                    || !events.get(i).append().equals(events.get(i + 1).append());
            if (ends && (size >= GROUP_BYTES || i == events.size() - 1)) {
                added.add(new EncodedAppends(List.copyOf(events.subList(from, i + 1)), endsBlock(size)));
                from = i + 1;
                size = 0;
            }
        }
        return added;
    }

    private boolean endsBlock(long more) {
        bytesOfBlock += more;
        boolean ends = bytesOfBlock >= BLOCK_BYTES;
        bytesOfBlock = ends ? 0 : bytesOfBlock;
        return ends;
    }

    /** Where the log ends as far as was heard here; null before the first append. */
    LogHead head() {
        return head;
    }

    /**
     * What follows {@code position}, up to about {@code bytesUpTo}; empty if that is not (or no longer) here. If there
     * is more, it ends where a block ends, which is the same place for all who begin in that block or the one before.
     */
    synchronized List<EncodedAppends> after(long position, int bytesUpTo) {
        List<EncodedAppends> found = new ArrayList<>();
        if (groups.isEmpty() || groups.getFirst().first() > position + 1) {
            return found;
        }
        long size = 0;
        for (EncodedAppends group : fromEnd(position)) {
            if (size > 0 && size + group.bytes() > bytesUpTo) {
                cutToBlock(found);
                break;
            }
            found.add(group);
            size += group.bytes();
        }
        return found;
    }

    private static void cutToBlock(List<EncodedAppends> found) {
        int count = found.size();
        while (count > 0 && !found.get(count - 1).endsBlock()) {
            count--;
        }
        if (count > 0) {
            found.subList(count, found.size()).clear();
        }
    }

    private List<EncodedAppends> fromEnd(long position) {
        List<EncodedAppends> newer = new ArrayList<>();
        var backwards = groups.descendingIterator();
        while (backwards.hasNext()) {
            EncodedAppends group = backwards.next();
            if (group.last() <= position) {
                break;
            }
            // A page of the log may have ended inside of what was grouped here.
            newer.add(group.first() > position ? group : group.behind(position));
        }
        return newer.reversed();
    }
}

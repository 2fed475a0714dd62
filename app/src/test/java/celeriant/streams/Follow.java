package celeriant.streams;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What one reader was shown, checked as it comes: positions rise, every event that its filter lets through comes once
 * and in order, nothing is left out but what was trimmed or deleted, nothing comes of an aggregate that was taken away.
 * What can only be known from the whole is checked at the {@link #finish}. Confined to its reader's thread.
 */
final class Follow {
    private final Ledger ledger;
    private final Predicate<String> covers;
    private final int type;
    private final boolean byRights;
    private final Map<String, Seen> aggregates = new HashMap<>();
    private final List<Hole> holes = new ArrayList<>();
    private long cursor;
    private long events;
    private int holesCount;

    /** What was seen of one aggregate. {@code since}: the position of the grant, while {@code visible}. */
    private static final class Seen {
        int last;
        int awaited;
        long since;
        boolean visible;
        long goneBelow;
    }

    /** Events {@code from} to {@code to} did not come before a later one did. */
    private record Hole(String aggregate, int from, int to) {}

    /**
     * @param type the one event type that the reader asked for; -1: all
     * @param byRights whether the reader sees what it was granted alone
     */
    Follow(Ledger ledger, Predicate<String> covers, int type, boolean byRights) {
        this.ledger = ledger;
        this.covers = covers;
        this.type = type;
        this.byRights = byRights;
    }

    /** Up to where the reader has everything: where it goes on. */
    long cursor() {
        return cursor;
    }

    /** How many events it was shown. */
    long events() {
        return events;
    }

    /** Stretches that did not come, each of which a trim, a delete or a lost right explains. */
    int holes() {
        return holesCount;
    }

    /** All up to {@code position} was told. */
    void covered(long position) {
        require(position >= cursor, "the cursor goes back from " + cursor + " to " + position);
        cursor = position;
    }

    /** An event of an application came. */
    void event(String aggregate, String eventType, long version, long position, int n) {
        require(position > cursor, aggregate + " " + n + " comes at " + position + ", behind the cursor " + cursor);
        require(covers.test(aggregate), aggregate + " was not asked for");
        require(type < 0 || eventType.equals("t" + type), eventType + " was not asked for");
        cursor = position;
        events++;
        Seen seen = seen(aggregate);
        require(seen.visible, aggregate + " " + n + " comes without a right");
        int expected = expected(aggregate, seen);
        require(n >= expected, aggregate + " " + n + " comes again, after " + seen.last);
        if (n > expected) {
            int gone = ledger.goneUpTo(aggregate);
            require(
                    lastMatching(expected, n - 1) <= gone,
                    aggregate + " " + expected + " to " + (n - 1) + " did not come before " + n + ", and " + gone
                            + " alone may be gone");
            holesCount++;
            holes.add(new Hole(aggregate, expected, n - step()));
        }
        seen.last = n;
        seen.awaited = 0;
    }

    private Seen seen(String aggregate) {
        return aggregates.computeIfAbsent(aggregate, unused -> {
            Seen seen = new Seen();
            seen.visible = !byRights;
            return seen;
        });
    }

    private int step() {
        return type < 0 ? 1 : Ledger.TYPES;
    }

    /** The number that is next in the aggregate: the one behind the last, or the first behind the grant. */
    private int expected(String aggregate, Seen seen) {
        if (seen.last > 0 && seen.awaited == 0) {
            return seen.last + step();
        }
        return matching(Math.max(1, seen.awaited == 0 ? 1 : ledger.firstAfter(aggregate, seen.since)));
    }

    private int matching(int from) {
        int n = from;
        while (type >= 0 && n % Ledger.TYPES != type) {
            n++;
        }
        return n;
    }

    /** Events below {@code version} of the aggregate are gone, as a tombstone at {@code position} says. */
    void discarded(String aggregate, long version, long position) {
        require(position > cursor, "a tombstone comes at " + position + ", behind the cursor " + cursor);
        require(covers.test(aggregate), aggregate + " was not asked for");
        cursor = position;
        Seen seen = seen(aggregate);
        require(seen.visible, "a tombstone of " + aggregate + " comes without a right");
        seen.goneBelow = Math.max(seen.goneBelow, version);
    }

    /** The reader was told that it has a right from {@code position} on. */
    void granted(String aggregate, long position) {
        covered(position);
        Seen seen = seen(aggregate);
        if (!seen.visible) {
            seen.visible = true;
            seen.since = position;
            seen.awaited = 1;
        }
    }

    /** The reader was told that it has no right from {@code position} on. */
    void revoked(String aggregate, long position) {
        covered(position);
        Seen seen = seen(aggregate);
        seen.visible = false;
        // What was still to come before it is not shown to one who has no right any more.
        seen.awaited = 1;
    }

    /** The reader has everything up to the end of the log. */
    void finish() {
        for (Hole hole : holes) {
            requireGone(hole);
        }
        for (String aggregate : ledger.names()) {
            Seen seen = aggregates.get(aggregate);
            boolean visible = covers.test(aggregate) && (seen == null ? !byRights : seen.visible);
            if (visible) {
                int expected = expected(aggregate, seen == null ? seen(aggregate) : seen);
                int last = ledger.count(aggregate);
                if (expected <= last) {
                    requireGone(new Hole(aggregate, expected, last));
                }
            }
        }
    }

    private void requireGone(Hole hole) {
        int last = lastMatching(hole.from(), hole.to());
        long version = last == 0 ? 0 : ledger.version(hole.aggregate(), last);
        long goneBelow = seen(hole.aggregate()).goneBelow;
        require(
                version < goneBelow || version == 0,
                hole.aggregate() + " " + hole.from() + " to " + last + " never came, and below " + goneBelow
                        + " alone was discarded");
    }

    /** The last number from {@code from} to {@code to} that the filter lets through; 0 if there is none. */
    private int lastMatching(int from, int to) {
        int last = to;
        while (type >= 0 && last >= from && last % Ledger.TYPES != type) {
            last--;
        }
        return last < from ? 0 : last;
    }

    private static void require(boolean holds, String fault) {
        if (!holds) {
            throw new AssertionError(fault);
        }
    }
}

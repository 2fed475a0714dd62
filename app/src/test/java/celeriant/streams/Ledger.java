package celeriant.streams;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What the log acknowledged, as the appending side heard it: of each aggregate's n-th event its version and position.
 * Events are numbered 1, 2, 3… in their aggregate. Safe for all threads.
 */
final class Ledger {
    /** Event types take turns: the n-th event is of type {@code t<n mod this>}. */
    static final int TYPES = 4;

    private static final class Lines {
        long[] versions = new long[1_024];
        long[] positions = new long[1_024];
        int count;
        int goneUpTo;
    }

    private final Map<String, Lines> aggregates = new HashMap<>();
    private volatile long end;

    /** The next {@code count} events of {@code aggregate} were recorded, the last of them at these places. */
    synchronized void appended(String aggregate, int count, long lastVersion, long lastPosition) {
        Lines lines = aggregates.computeIfAbsent(aggregate, unused -> new Lines());
        if (lines.count + count >= lines.versions.length) {
            lines.versions = Arrays.copyOf(lines.versions, 2 * lines.versions.length);
            lines.positions = Arrays.copyOf(lines.positions, 2 * lines.positions.length);
        }
        for (int i = count - 1; i >= 0; i--) {
            lines.count++;
            lines.versions[lines.count] = lastVersion - i;
            lines.positions[lines.count] = lastPosition - i;
        }
    }

    /** A request is about to be sent that discards the first {@code count} events of {@code aggregate}. */
    synchronized void discarding(String aggregate, int count) {
        Lines lines = aggregates.get(aggregate);
        lines.goneUpTo = Math.max(lines.goneUpTo, count);
    }

    /** How many of the first events of {@code aggregate} may be gone by now. */
    synchronized int goneUpTo(String aggregate) {
        Lines lines = aggregates.get(aggregate);
        return lines == null ? 0 : lines.goneUpTo;
    }

    /** Nothing more is appended; the org's log ends at {@code position}. */
    void ended(long position) {
        end = position;
    }

    /** Where the log ends; 0 as long as it grows. */
    long end() {
        return end;
    }

    synchronized int count(String aggregate) {
        return aggregates.containsKey(aggregate) ? aggregates.get(aggregate).count : 0;
    }

    synchronized long version(String aggregate, int n) {
        return aggregates.get(aggregate).versions[n];
    }

    /** The first event of {@code aggregate} behind {@code position}. */
    synchronized int firstAfter(String aggregate, long position) {
        Lines lines = aggregates.get(aggregate);
        if (lines == null) {
            return 1;
        }
        int found = Arrays.binarySearch(lines.positions, 1, lines.count + 1, position);
        return found >= 0 ? found + 1 : -found - 1;
    }

    synchronized Iterable<String> names() {
        return aggregates.keySet().stream().sorted().toList();
    }
}

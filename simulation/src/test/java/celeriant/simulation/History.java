package celeriant.simulation;

import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything that was ever recorded in the log as it is now, what was trimmed included, and folds of it. */
final class History {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private final Map<AggregateId, List<RecordedEvent>> byAggregate = new HashMap<>();
    private long position;

    /** The events must be the next ones, of the log and of their aggregates. */
    void add(List<RecordedEvent> events) {
        for (RecordedEvent recorded : events) {
            Violation.unless(
                    recorded.position() == position + 1, "positions have no gaps:", position, recorded.position());
            position = recorded.position();
            List<RecordedEvent> own =
                    byAggregate.computeIfAbsent(recorded.event().aggregate(), name -> new ArrayList<>());
            Violation.unless(recorded.version() == own.size() + 1, "versions have no gaps:", recorded);
            own.add(recorded);
        }
    }

    long position() {
        return position;
    }

    List<RecordedEvent> of(AggregateId aggregate) {
        return byAggregate.getOrDefault(aggregate, List.of());
    }

    /** An aggregate's version as of a position. */
    long versionAt(AggregateId aggregate, long upTo) {
        List<RecordedEvent> events = of(aggregate);
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (events.get(middle).position() <= upTo) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The first version that is still there, as of now. */
    long firstVersion(AggregateId aggregate) {
        long first = 1;
        for (RecordedEvent recorded : of(aggregate)) {
            if (isDeletion(recorded)) {
                first = recorded.version();
            } else if (recorded.event().type().equals("$trimmed")) {
                Matcher number =
                        NUMBER.matcher(new String(recorded.event().data().bytes(), StandardCharsets.US_ASCII));
                first = number.find() ? Math.max(first, Long.parseLong(number.group())) : first;
            }
        }
        return first;
    }

    /** Whether this version deletes the aggregate. */
    boolean isDeletedAt(AggregateId aggregate, long version) {
        return version > 0 && isDeletion(of(aggregate).get((int) version - 1));
    }

    boolean exists(AggregateId aggregate) {
        List<RecordedEvent> events = of(aggregate);
        return !events.isEmpty() && !isDeletion(events.get(events.size() - 1));
    }

    /** Last write wins: the version that set each key, as of a version of the aggregate. */
    TreeMap<String, Long> registers(AggregateId aggregate, long version) {
        TreeMap<String, Long> latest = new TreeMap<>();
        for (RecordedEvent recorded : of(aggregate).subList(0, (int) version)) {
            String key = recorded.event().key();
            if (isDeletion(recorded)) {
                latest.clear();
            } else if (key != null && recorded.event().data().isJsonNull()) {
                latest.remove(key);
            } else if (key != null) {
                latest.put(key, recorded.version());
            }
        }
        return latest;
    }

    private static boolean isDeletion(RecordedEvent recorded) {
        return recorded.event().type().equals("$deleted");
    }
}

package celeriant.gateway.stream;

import celeriant.gateway.access.AccessNames;
import celeriant.gateway.read.EventFilter;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The filters of one event loop's subscribers, found by what an event is about: an append costs what it touches, not
 * what is asked for. Confined to the loop.
 */
final class FilterIndex {
    private final Map<EventFilter, SameFilter> filters = new HashMap<>();
    private final Map<Object, Set<SameFilter>> byName = new HashMap<>();
    private final Set<SameFilter> unnamed = new LinkedHashSet<>();

    SameFilter join(EventFilter filter) {
        SameFilter same = filters.get(filter);
        if (same == null) {
            same = new SameFilter(filter);
            filters.put(filter, same);
            for (Object name : names(filter)) {
                byName.computeIfAbsent(name, key -> new LinkedHashSet<>(2)).add(same);
            }
            if (isUnnamed(filter)) {
                unnamed.add(same);
            }
        }
        same.join();
        return same;
    }

    void leave(SameFilter same) {
        if (!same.leave()) {
            return;
        }
        filters.remove(same.filter());
        unnamed.remove(same);
        for (Object name : names(same.filter())) {
            byName.computeIfPresent(name, (key, known) -> known.remove(same) && known.isEmpty() ? null : known);
        }
    }

    /** Names of aggregates, and of types as they are. */
    private static List<Object> names(EventFilter filter) {
        List<Object> names = new ArrayList<>(filter.aggregates());
        names.addAll(filter.types());
        return names;
    }

    private static boolean isUnnamed(EventFilter filter) {
        return filter.aggregates().isEmpty() && filter.types().isEmpty();
    }

    Collection<SameFilter> all() {
        return filters.values();
    }

    /** Those that may show something of {@code appends}, or whose readers' rights they may change. */
    Collection<SameFilter> touched(List<EncodedAppends> appends) {
        Set<SameFilter> touched = new LinkedHashSet<>();
        for (EncodedAppends each : appends) {
            for (RecordedEvent recorded : each.events()) {
                AggregateId aggregate = recorded.event().aggregate();
                add(aggregate, touched);
                if (AccessNames.isBeside(aggregate)) {
                    add(AccessNames.subject(aggregate), touched);
                }
            }
        }
        return touched;
    }

    private void add(AggregateId aggregate, Set<SameFilter> touched) {
        if (!aggregate.isSystem()) {
            touched.addAll(unnamed);
        }
        touched.addAll(byName.getOrDefault(aggregate, Set.of()));
        touched.addAll(byName.getOrDefault(aggregate.type(), Set.of()));
    }
}

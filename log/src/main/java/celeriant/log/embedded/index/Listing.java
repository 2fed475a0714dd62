package celeriant.log.embedded.index;

import celeriant.log.AggregateSummary;
import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.model.AggregateId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Lists orgs, types and aggregates from the index: what the store has, and what the recents add. Thread-safe. */
public final class Listing {
    private final Index index;

    public Listing(Index index) {
        this.index = index;
    }

    public List<String> orgs() {
        TreeSet<String> orgs = new TreeSet<>();
        for (Recent recent : index.recents().newestFirst()) {
            orgs.addAll(recent.orgs().keySet());
        }
        try (IndexStore.Cursor stored = index.store().cursor(IndexKeys.orgsStart(), IndexKeys.orgsEnd())) {
            for (; stored.isValid(); stored.next()) {
                orgs.add(IndexKeys.orgOf(stored.key()));
            }
        }
        orgs.removeIf(org -> index.orgEntry(org).head().position() == 0);
        return List.copyOf(orgs);
    }

    public List<String> types(String org) {
        TreeSet<String> types = new TreeSet<>();
        for (Recent recent : index.recents().newestFirst()) {
            RecentOrg changes = recent.org(org);
            if (changes != null) {
                changes.aggregates().keySet().forEach(aggregate -> types.add(aggregate.type()));
            }
        }
        byte[] end = IndexKeys.aggregatesEnd(org);
        try (IndexStore.Cursor stored = index.store().cursor(IndexKeys.aggregatesStart(org), end)) {
            while (stored.isValid()) {
                String type = IndexKeys.aggregateOf(stored.key()).type();
                types.add(type);
                stored.seek(IndexKeys.typeEnd(org, type));
            }
        }
        types.removeIf(type -> aggregates(org, type, "", 1).isEmpty());
        return List.copyOf(types);
    }

    public List<AggregateSummary> aggregates(String org, String type, String afterId, int limit) {
        TreeMap<AggregateId, AggregateEntry> recents = new TreeMap<>();
        for (Recent recent : index.recents().oldestFirst()) {
            RecentOrg changes = recent.org(org);
            if (changes != null) {
                changes.aggregates().forEach((id, known) -> {
                    if (id.type().equals(type) && id.id().compareTo(afterId) > 0) {
                        recents.put(id, known.entry());
                    }
                });
            }
        }
        List<AggregateSummary> found = new ArrayList<>();
        byte[] from = IndexKeys.aggregate(org, new AggregateId(type, afterId));
        try (IndexStore.Cursor stored = index.store().cursor(from, IndexKeys.typeEnd(org, type))) {
            while (found.size() < limit && (stored.isValid() || !recents.isEmpty())) {
                AggregateId id = stored.isValid() ? IndexKeys.aggregateOf(stored.key()) : null;
                boolean fromRecents =
                        !recents.isEmpty() && (id == null || recents.firstKey().compareTo(id) <= 0);
                AggregateEntry entry;
                if (fromRecents) {
                    Map.Entry<AggregateId, AggregateEntry> first = recents.pollFirstEntry();
                    boolean isStoredToo = first.getKey().equals(id);
                    id = first.getKey();
                    entry = first.getValue();
                    if (isStoredToo) {
                        stored.next();
                    }
                } else {
                    entry = index.latest(AggregateEntry.of(stored.value()));
                    stored.next();
                }
                if (entry.head().exists() && !id.id().equals(afterId)) {
                    found.add(entry.head().summary(id));
                }
            }
        }
        return found;
    }
}

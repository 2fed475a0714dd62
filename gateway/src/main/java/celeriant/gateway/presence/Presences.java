package celeriant.gateway.presence;

import celeriant.gateway.access.AccessNames;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Faults;
import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.Names;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The presences of all orgs. A change is told to the listener by its name alone; what it is then is asked when it is
 * sent, so that a late message cannot bring back an old state. Hears of every append: those in an aggregate that is
 * deleted end with it, and where access changes it is looked whether those who are there still may be. Any thread: one
 * short lock.
 */
public final class Presences implements EventLog.Tail {
    /** Presences of one aggregate at most. */
    static final int AGGREGATE_MAX = 1_000;

    /** Presences of one client in one aggregate at most. */
    static final int CLIENT_MAX = 32;

    /** Presences of one gateway at most. */
    static final int GATEWAY_MAX = 200_000;

    private final Map<String, Map<AggregateId, Map<Key, Present>>> orgs = new HashMap<>();
    /** Where access changed while somebody was there. */
    private final Map<String, Set<AggregateId>> suspect = new HashMap<>();

    private final Listener listener;
    private final BiPredicate<String, Principal> isLive;
    private volatile int count;

    /** Names one presence: a client may have several instances, its tabs. */
    public record Key(AggregateId aggregate, ClientId client, String instance) {}

    /** Hears that a presence changed, lapsed or went. */
    @FunctionalInterface
    public interface Listener {
        void changed(String org, Key key);
    }

    /** Whether somebody may show that it is there, as the log is now. */
    @FunctionalInterface
    public interface Permission {
        boolean isGiven(String org, Principal principal, AggregateId aggregate);
    }

    /** @param json the data as JSON text */
    private record Present(Principal principal, byte[] json, long expiresAtMillis) {}

    /** {@code isLive} tells whether a caller that was let into an org may still come. */
    public Presences(Listener listener, BiPredicate<String, Principal> isLive) {
        this.listener = listener;
        this.isLive = isLive;
    }

    /** Puts that of {@code principal}, whose client {@code key} names, until {@code expiresAtMillis}. */
    public void put(String org, Key key, Principal principal, byte[] json, long expiresAtMillis) {
        synchronized (this) {
            Map<Key, Present> present = orgs.computeIfAbsent(org, name -> new HashMap<>())
                    .computeIfAbsent(key.aggregate(), aggregate -> new LinkedHashMap<>());
            if (!present.containsKey(key)) {
                if (present.size() >= AGGREGATE_MAX || count >= GATEWAY_MAX || isCrowded(present, key)) {
                    throw RefusedException.of(ErrorCode.TOO_MANY_REQUESTS, "Too many are present at once.");
                }
                count++;
            }
            present.put(key, new Present(principal, json, expiresAtMillis));
        }
        listener.changed(org, key);
    }

    private static boolean isCrowded(Map<Key, Present> present, Key key) {
        return present.size() >= CLIENT_MAX
                && present.keySet().stream()
                                .filter(other -> other.client().equals(key.client()))
                                .count()
                        >= CLIENT_MAX;
    }

    /** Takes it away. */
    public void remove(String org, Key key) {
        boolean was;
        synchronized (this) {
            Map<AggregateId, Map<Key, Present>> aggregates = orgs.getOrDefault(org, Map.of());
            Map<Key, Present> present = aggregates.get(key.aggregate());
            was = present != null && present.remove(key) != null;
            if (was) {
                count--;
                if (present.isEmpty()) {
                    aggregates.remove(key.aggregate());
                }
            }
        }
        if (was) {
            listener.changed(org, key);
        }
    }

    @Override
    public void appended(String org, List<RecordedEvent> events, LogHead head) {
        if (count == 0) {
            return;
        }
        for (RecordedEvent recorded : events) {
            AggregateId aggregate = recorded.event().aggregate();
            if (recorded.event().type().equals(Names.DELETED)) {
                present(org, aggregate::equals).forEach(key -> remove(org, key));
            } else if (AccessNames.isBeside(aggregate)) {
                suspect(org, AccessNames.subject(aggregate));
            } else if (aggregate.equals(AccessNames.MEMBERS)) {
                suspectAll(org);
            }
        }
    }

    private synchronized void suspect(String org, AggregateId aggregate) {
        if (orgs.getOrDefault(org, Map.of()).containsKey(aggregate)) {
            suspect.computeIfAbsent(org, name -> new HashSet<>()).add(aggregate);
        }
    }

    private synchronized void suspectAll(String org) {
        Set<AggregateId> there = orgs.getOrDefault(org, Map.of()).keySet();
        if (!there.isEmpty()) {
            suspect.computeIfAbsent(org, name -> new HashSet<>()).addAll(there);
        }
    }

    /** Whether {@link #lookAgain} would look at anything. */
    public synchronized boolean hasSuspects() {
        return !suspect.isEmpty();
    }

    /** Takes away those of who may not be there any more: on a worker, for {@code permission} looks into the log. */
    public void lookAgain(Permission permission) {
        Map<String, Set<AggregateId>> places;
        synchronized (this) {
            places = Map.copyOf(suspect);
            suspect.clear();
        }
        places.forEach((org, aggregates) -> principals(org, aggregates).forEach((key, principal) -> {
            if (!mayStay(permission, org, principal, key.aggregate())) {
                remove(org, key);
            }
        }));
    }

    /** One that cannot be told goes, too. */
    private static boolean mayStay(Permission permission, String org, Principal principal, AggregateId aggregate) {
        try {
            return permission.isGiven(org, principal, aggregate);
        } catch (RuntimeException e) {
            Faults.report("the right to a presence", e);
            return false;
        }
    }

    private synchronized Map<Key, Principal> principals(String org, Set<AggregateId> aggregates) {
        Map<Key, Principal> principals = new LinkedHashMap<>();
        Map<AggregateId, Map<Key, Present>> there = orgs.getOrDefault(org, Map.of());
        for (AggregateId aggregate : aggregates) {
            there.getOrDefault(aggregate, Map.of()).forEach((key, present) -> principals.put(key, present.principal()));
        }
        return principals;
    }

    /** Its data as JSON, if it is there. */
    public synchronized Optional<byte[]> data(String org, Key key) {
        return Optional.ofNullable(orgs.getOrDefault(org, Map.of())
                        .getOrDefault(key.aggregate(), Map.of())
                        .get(key))
                .map(Present::json);
    }

    /** Those of the aggregates that {@code covers} takes. */
    public synchronized List<Key> present(String org, Predicate<AggregateId> covers) {
        List<Key> keys = new ArrayList<>();
        orgs.getOrDefault(org, Map.of()).forEach((aggregate, present) -> {
            if (covers.test(aggregate)) {
                keys.addAll(present.keySet());
            }
        });
        return keys;
    }

    /** Takes away what has lapsed, and what was put with a key that is withdrawn. */
    public void sweep(long nowMillis) {
        Map<String, List<Key>> lapsed = new HashMap<>();
        synchronized (this) {
            orgs.forEach((org, aggregates) -> aggregates.values().forEach(present -> {
                for (Map.Entry<Key, Present> entry : present.entrySet()) {
                    Present there = entry.getValue();
                    if (there.expiresAtMillis() <= nowMillis || !isLive.test(org, there.principal())) {
                        lapsed.computeIfAbsent(org, name -> new ArrayList<>()).add(entry.getKey());
                    }
                }
            }));
            Iterator<Map<AggregateId, Map<Key, Present>>> empty = orgs.values().iterator();
            while (empty.hasNext()) {
                if (empty.next().isEmpty()) {
                    empty.remove();
                }
            }
        }
        lapsed.forEach((org, keys) -> keys.forEach(key -> remove(org, key)));
    }
}

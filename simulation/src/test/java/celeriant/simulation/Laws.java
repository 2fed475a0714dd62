package celeriant.simulation;

import celeriant.client.AggregateView;
import celeriant.client.RegisterValue;
import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.Cursor;
import celeriant.client.buffer.Draft;
import celeriant.client.buffer.KeptAppend;
import celeriant.client.buffer.PendingAppend;
import celeriant.client.buffer.RejectedAppend;
import celeriant.client.buffer.Settlement;
import celeriant.client.buffer.StoredAggregate;
import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.model.AggregateId;
import celeriant.model.AppendResult;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/**
 * What must hold after every step: nothing is lost or doubled, a device's appends keep their order, a sequence has one
 * verdict, versions and positions have no gaps, no cursor is ahead of what was folded, and one's own lies on top in its
 * order.
 */
final class Laws implements EventLog.Tail {
    static final String ORG = "sim";

    private record Place(ClientId client, long sequence) {}

    private record Recorded(UUID append, long firstPosition) {}

    private final BiConsumer<String, Object> trace;
    private final Map<UUID, Entry> entries = new HashMap<>();
    private final Set<Recorded> everRecorded = new HashSet<>();
    private final Set<UUID> everRefused = new HashSet<>();
    private Map<Place, String> verdicts = new HashMap<>();
    private Map<UUID, Integer> recorded = new HashMap<>();
    private Map<Device, Long> lastOrder = new HashMap<>();
    private History history = new History();
    private EventLog log;

    Laws(BiConsumer<String, Object> trace) {
        this.trace = trace;
    }

    History history() {
        return history;
    }

    Map<UUID, Entry> entries() {
        return entries;
    }

    /** How often an append is in the log. */
    int timesRecorded(UUID append) {
        return recorded.getOrDefault(append, 0);
    }

    void logBegins(EventLog newLog) {
        log = newLog;
        history = new History();
        recorded = new HashMap<>();
        lastOrder = new HashMap<>();
    }

    /** What the log forgot may be decided anew. */
    void logRestored() {
        verdicts.keySet()
                .removeIf(place -> place.sequence()
                        > log.clientHead(ORG, place.client())
                                .map(ClientHead::sequence)
                                .orElse(0L));
    }

    @Override
    public void appended(String org, List<RecordedEvent> events, LogHead head) {
        trace.accept("recorded", events);
        history.add(events);
        RecordedEvent first = events.get(0);
        everRecorded.add(new Recorded(first.append(), first.position()));
        Entry entry = entries.get(first.append());
        int times = recorded.merge(first.append(), 1, Integer::sum);
        if (entry == null) {
            return;
        }
        Violation.unless(times == 1 || entry.shared, "nothing is doubled:", entry.id, "of", entry.device);
        if (!entry.shared && !entry.forgotten) {
            long before = lastOrder.getOrDefault(entry.device, 0L);
            Violation.unless(before < entry.order, "order is kept:", entry.device, before, entry.order);
            lastOrder.put(entry.device, entry.order);
        }
    }

    void answered(AppendRequest request, AppendOutcome outcome) {
        if (!(outcome instanceof AppendOutcome.Settled settled)) {
            return;
        }
        for (AppendResult result : settled.results()) {
            if (result.sequence() == 0) {
                continue;
            }
            String verdict = verdict(result);
            String before = verdicts.putIfAbsent(new Place(request.client(), result.sequence()), verdict);
            Violation.unless(before == null || before.equals(verdict), "one verdict:", before, verdict);
        }
    }

    private String verdict(AppendResult result) {
        return switch (result) {
            case AppendResult.Appended one -> one.id() + " at " + one.firstPosition();
            case AppendResult.Duplicate one -> one.id() + " at " + one.firstPosition();
            case AppendResult.Conflict one -> one.id() + " conflict";
            case AppendResult.Rejected one -> {
                everRefused.add(one.id());
                yield one.id() + " rejected";
            }
        };
    }

    /** The buffer numbered appends, all but those that retry what is not rejected any more. */
    void numbered(Device device, BufferContents before, List<Draft> drafts, List<PendingAppend> appended) {
        Set<UUID> listed = listed(before);
        List<UUID> kept = drafts.stream()
                .filter(draft -> draft.retries() == null || listed.remove(draft.retries()))
                .map(Draft::id)
                .toList();
        List<UUID> numbered = appended.stream().map(PendingAppend::id).toList();
        Violation.unless(numbered.equals(kept), "each append is kept, in their order:", device, drafts.size());
    }

    /** What is settled was settled by the log, and nothing else left the queue. */
    void settled(Device device, BufferContents before, Settlement settlement, BufferContents after) {
        Set<UUID> gone = ids(before.pending());
        gone.removeAll(ids(after.pending()));
        for (KeptAppend kept : settlement.kept()) {
            gone.remove(kept.id());
            boolean true1 = kept.confirmation() == null
                    ? everRefused.contains(kept.id())
                    : everRecorded.contains(
                            new Recorded(kept.id(), kept.confirmation().firstPosition()));
            Violation.unless(true1, "a settlement is what the log said:", device, kept);
        }
        Violation.unless(gone.isEmpty(), "nothing is lost:", gone, "left the queue of", device);
        Set<UUID> listed = listed(after);
        for (RejectedAppend rejected : settlement.rejected()) {
            Violation.unless(listed.contains(rejected.id()), "what is rejected is listed:", rejected.id());
        }
    }

    /** What was not settled is still there, in its order, numbered without a gap. */
    void unsettledStay(Device device, BufferContents before, BufferContents after) {
        List<UUID> left = after.pending().stream().map(PendingAppend::id).toList();
        List<UUID> own = before.pending().stream().map(PendingAppend::id).toList();
        int from = left.size() - own.size();
        Violation.unless(
                from >= 0 && left.subList(from, left.size()).equals(own), "nothing is lost:", own, left, device);
        Violation.unless(listed(after).containsAll(listed(before)), "what is rejected stays listed:", device);
    }

    /** The cursor is not ahead of what was folded. */
    void read(Device device, SimulatedBuffer buffer) {
        BufferContents contents = buffer.stored.contents();
        Cursor cursor = contents.cursor();
        if (cursor == null || !isOfThisLog(cursor)) {
            return;
        }
        for (AggregateId aggregate : contents.follows()) {
            long version = buffer.stored
                    .loadAggregate(aggregate)
                    .map(StoredAggregate::version)
                    .orElse(0L);
            long due = history.versionAt(aggregate, cursor.position());
            // What was trimmed before it was read is not missed: the tombstone behind it says so.
            boolean gone = due < history.firstVersion(aggregate) || history.isDeletedAt(aggregate, due);
            boolean behind = version < due && !gone && !device.wasKeptOut(aggregate);
            Violation.unless(!behind, "no cursor is ahead of the fold:", device, cursor, aggregate, version, due);
        }
    }

    /** What was read of a log that was put back since is of no log; the cursor's hash will tell the client so. */
    private boolean isOfThisLog(Cursor cursor) {
        return log.hashAt(ORG, cursor.checkPosition())
                .filter(hash -> cursor.checkHash() == null || hash.equals(cursor.checkHash()))
                .isPresent();
    }

    /** An acknowledged append is on the device or in the log at every moment. */
    void kept(Device device, BufferContents contents) {
        Set<UUID> here = ids(contents.pending());
        here.addAll(listed(contents));
        for (Entry entry : device.own()) {
            if (entry.acknowledged && !entry.takenBack) {
                boolean settled = recorded.containsKey(entry.id) || device.hasKept(entry.id);
                Violation.unless(settled || here.contains(entry.id), "nothing is lost:", entry.id, device);
            }
        }
    }

    /** What is pending lies on top, in the order of the queue; what was read back already is under it. */
    void shown(Device device, BufferContents contents) {
        if (contents.cursor() != null && isOfThisLog(contents.cursor())) {
            device.views().forEach((aggregate, view) -> shown(device, aggregate, view, contents.pending()));
        }
    }

    private void shown(Device device, AggregateId aggregate, AggregateView view, List<PendingAppend> queue) {
        Iterator<Event> onTop = view.pending().iterator();
        Event next = onTop.hasNext() ? onTop.next() : null;
        for (PendingAppend append : queue) {
            for (Event event : append.events()) {
                // Events that clear the same key are equal and not the same.
                if (event == next) {
                    next = onTop.hasNext() ? onTop.next() : null;
                } else {
                    boolean isUnder = !event.aggregate().equals(aggregate) || recorded.containsKey(append.id());
                    Violation.unless(isUnder, "what is pending lies on top, in its order:", device, append);
                }
            }
        }
        Map<String, EventData> latest = new HashMap<>();
        view.pending().stream()
                .filter(event -> event.key() != null)
                .forEach(event -> latest.put(event.key(), event.data()));
        latest.forEach((key, data) -> {
            RegisterValue value = view.register(key);
            boolean isShown = value == null ? data.isJsonNull() : data.equals(value.data());
            Violation.unless(isShown, "the latest of one's own is shown:", device, aggregate, key, data, value);
        });
    }

    static Set<UUID> ids(List<PendingAppend> appends) {
        Set<UUID> ids = new HashSet<>();
        appends.forEach(append -> ids.add(append.id()));
        return ids;
    }

    static Set<UUID> listed(BufferContents contents) {
        Set<UUID> ids = new HashSet<>();
        contents.rejected().forEach(append -> ids.add(append.id()));
        return ids;
    }
}

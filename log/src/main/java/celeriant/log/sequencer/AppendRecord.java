package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.RecordedEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A settled append.
 *
 * @param sequence the client's own number for it, or 0
 * @param id the append's id
 * @param events in the order of their positions, which are dense; the system's own come last
 * @param clientEventCount how many of {@code events} the client sent; what it is answered covers these alone
 * @param hash the org's chain after this append, {@link HashChain#BYTES} bytes; not to be changed
 * @param idIsNew whether the id was made for this append alone, so that none comes with it again and it need not be
 *     remembered; not stored, so false for a record that was read back
 */
public record AppendRecord(
        String org,
        ClientId client,
        long sequence,
        UUID id,
        long recordedAtMillis,
        List<RecordedEvent> events,
        int clientEventCount,
        byte[] hash,
        boolean idIsNew)
        implements LogRecord {
    public AppendRecord {
        events = List.copyOf(events);
        if (clientEventCount < 1 || clientEventCount > events.size()) {
            throw new IllegalArgumentException(
                    "clientEventCount " + clientEventCount + " is not in 1.." + events.size());
        }
    }

    /** One whose id may come again. */
    public AppendRecord(
            String org,
            ClientId client,
            long sequence,
            UUID id,
            long recordedAtMillis,
            List<RecordedEvent> events,
            int clientEventCount,
            byte[] hash) {
        this(org, client, sequence, id, recordedAtMillis, events, clientEventCount, hash, false);
    }

    /** The same with an id that was made for it alone. */
    AppendRecord withNewId() {
        return new AppendRecord(org, client, sequence, id, recordedAtMillis, events, clientEventCount, hash, true);
    }

    /** Whether a repeat of this append is found by its id. */
    public boolean isFoundById() {
        return sequence == 0 && !idIsNew;
    }

    public long firstPosition() {
        return events.get(0).position();
    }

    /** Of all events, the system's included: where the org's log ends after it. */
    public long lastPosition() {
        return events.get(events.size() - 1).position();
    }

    /** Of the client's own events: what it is answered. */
    public long lastClientPosition() {
        return events.get(clientEventCount - 1).position();
    }

    /** The version of each aggregate after the client's own events, in the order in which they first appear. */
    public Map<AggregateId, Long> versions() {
        AggregateId first = events.get(0).event().aggregate();
        if (isAllOf(first)) {
            return Map.of(first, events.get(clientEventCount - 1).version());
        }
        Map<AggregateId, Long> versions = new LinkedHashMap<>();
        for (RecordedEvent recorded : events.subList(0, clientEventCount)) {
            versions.put(recorded.event().aggregate(), recorded.version());
        }
        return versions;
    }

    private boolean isAllOf(AggregateId aggregate) {
        for (int i = 0; i < clientEventCount; i++) {
            if (!events.get(i).event().aggregate().equals(aggregate)) {
                return false;
            }
        }
        return true;
    }

    /** The verdict that a repeat of this append is answered from. */
    public SettledAppend.Recorded settled() {
        return new SettledAppend.Recorded(id, sequence, firstPosition(), lastClientPosition(), versions(), tombstone());
    }

    private Tombstone tombstone() {
        return Tombstone.of(events.get(0).event());
    }

    /** The client's head after it; only for one with a sequence. */
    public ClientHead clientHead() {
        return new ClientHead(sequence, id, lastClientPosition());
    }
}

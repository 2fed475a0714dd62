package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One aggregate of an {@link Overlay}: its head, and the events decided since, which are searched from the end. That is
 * cheaper than keeping their registers: few appends look at registers, and those that do look at short aggregates (an
 * access list). Confined to the writer's thread.
 */
final class OverlayAggregate {
    private final Overlay overlay;
    private final String org;
    private final AggregateId aggregate;
    private final List<RecordedEvent> events = new ArrayList<>();
    private AggregateHead head;
    private boolean hidesBelow;

    OverlayAggregate(Overlay overlay, String org, AggregateId aggregate) {
        this.overlay = overlay;
        this.org = org;
        this.aggregate = aggregate;
        this.head = overlay.below().aggregateHead(org, aggregate);
    }

    AggregateHead head() {
        return head;
    }

    void apply(RecordedEvent recorded) {
        head = head.after(recorded);
        if (head.exists()) {
            events.add(recorded);
        } else {
            events.clear();
            hidesBelow = true;
        }
    }

    void apply(SnapshotRecord snapshot) {
        head = head.withSnapshot(snapshot.version());
    }

    Optional<Register> register(String key) {
        for (int i = events.size() - 1; i >= 0; i--) {
            RecordedEvent recorded = events.get(i);
            if (key.equals(recorded.event().key())) {
                boolean cleared = recorded.event().data().isJsonNull();
                return cleared ? Optional.empty() : Optional.of(Register.of(recorded));
            }
        }
        return hidesBelow ? Optional.empty() : overlay.below().register(org, aggregate, key);
    }

    boolean hasKeyless(long afterVersion, long beforeVersion) {
        long after = Math.max(afterVersion, head.firstVersion() - 1);
        if (head.lastKeylessVersion() <= after || beforeVersion <= after + 1) {
            return false;
        }
        for (RecordedEvent recorded : events) {
            boolean inside = recorded.version() > after && recorded.version() < beforeVersion;
            if (inside && AggregateHead.isKeyless(recorded)) {
                return true;
            }
        }
        return !hidesBelow && overlay.below().hasKeyless(org, aggregate, after, beforeVersion);
    }
}

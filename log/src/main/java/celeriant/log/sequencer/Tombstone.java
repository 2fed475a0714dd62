package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.Names;
import java.nio.charset.StandardCharsets;

/**
 * The two events by which the log itself takes events away: {@code $trimmed} and {@code $deleted}, on the aggregate
 * that they concern. They take a version and a position like any event and stay in the merged log, so that every reader
 * learns in the order of the log what is gone. Only the {@link Sequencer} makes them: an append that holds one is at
 * fault.
 *
 * <p>Their data is JSON that this class alone writes and reads: {@code {"firstVersion":12}}, with
 * {@code "snapshot":false} behind it if the snapshot went too; {@code {"recreate":true}}.
 */
public sealed interface Tombstone {
    /** The payload. */
    String json();

    /** The name of the event's type. */
    String type();

    /**
     * The events below a version are gone; registers stay.
     *
     * @param keepsSnapshot whether the published snapshot stays; it goes when events went that it does not cover
     */
    record Trimmed(long firstVersion, boolean keepsSnapshot) implements Tombstone {
        private static final String PREFIX = "{\"firstVersion\":";
        private static final String SNAPSHOT_GONE = ",\"snapshot\":false";

        @Override
        public String json() {
            return PREFIX + firstVersion + (keepsSnapshot ? "" : SNAPSHOT_GONE) + "}";
        }

        @Override
        public String type() {
            return Names.TRIMMED;
        }

        private static Trimmed parse(String json) {
            boolean gone = json.contains(SNAPSHOT_GONE);
            String number = json.substring(PREFIX.length(), json.length() - (gone ? SNAPSHOT_GONE.length() : 0) - 1);
            return new Trimmed(Long.parseLong(number), !gone);
        }
    }

    /** The aggregate is gone, events, registers and snapshot; {@code recreate}: it may be created again. */
    record Deleted(boolean recreate) implements Tombstone {
        @Override
        public String json() {
            return "{\"recreate\":" + recreate + "}";
        }

        @Override
        public String type() {
            return Names.DELETED;
        }
    }

    /** The event that records it. */
    default Event on(AggregateId aggregate) {
        return Event.of(aggregate, type(), EventData.json(json().getBytes(StandardCharsets.UTF_8)));
    }

    /** Whether events of this type are tombstones. */
    static boolean isTombstone(String eventType) {
        return eventType.startsWith("$") && (eventType.equals(Names.TRIMMED) || eventType.equals(Names.DELETED));
    }

    /** What the event takes away; null for every other event. */
    static Tombstone of(Event event) {
        if (!isTombstone(event.type())) {
            return null;
        }
        String json = new String(event.data().bytes(), StandardCharsets.UTF_8);
        return event.type().equals(Names.DELETED) ? new Deleted(json.contains("true")) : Trimmed.parse(json);
    }
}

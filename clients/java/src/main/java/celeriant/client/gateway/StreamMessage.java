package celeriant.client.gateway;

import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.List;

/** What a subscription says (PROTOCOL, "Subscribe"). */
public sealed interface StreamMessage {
    /** Visible events of one or more whole appends; {@code position} is the last one covered. */
    record Events(List<RecordedEvent> events, long position) implements StreamMessage {}

    /** Nothing visible up to here. */
    record Moved(long position) implements StreamMessage {}

    /** The reader is at the head; {@code log} and {@code hash} may be null. */
    record CaughtUp(long position, String log, String hash) implements StreamMessage {}

    /** What the log looks like at a position that was read, to be remembered. */
    record Agreed(long position, String log, String hash) implements StreamMessage {}

    /** The reader may see the aggregate from here on. */
    record Granted(AggregateId aggregate, String level, long position) implements StreamMessage {}

    /** The reader may not see the aggregate any more; {@code position} 0 = it could not when the stream began. */
    record Revoked(AggregateId aggregate, long position) implements StreamMessage {}

    /** Somebody is there; {@code data} is JSON, {@code null} when it lapsed. */
    record Presence(AggregateId aggregate, String client, String instance, byte[] data) implements StreamMessage {}

    /** The gateway ends the stream: come back. */
    record Closing() implements StreamMessage {}
}

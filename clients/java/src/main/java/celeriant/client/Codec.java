package celeriant.client;

import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;

/**
 * How an event's data is sealed before it is stored and sent, and opened where it is shown. {@link A256Gcm} is one; the
 * keys belong to the application. What lies in the buffer and in the log is always what was sealed, so that data whose
 * key is gone is gone everywhere. Called from any thread.
 */
public interface Codec {
    /**
     * The event with its data sealed, or the event itself when it is to stay readable for everyone. What it throws is
     * thrown by {@link Celeriant#append}, and nothing of the append is kept.
     */
    Event seal(Event event);

    /**
     * What was in a sealed event.
     *
     * @param sealed an event with {@link Event#encryption}
     * @throws UnreadableException if there is no key for it, or it was tampered with: it is shown as unreadable
     */
    EventData open(Event sealed) throws UnreadableException;

    /** The same for a published snapshot of an aggregate; the content itself when it is to stay readable. */
    default EventData sealSnapshot(AggregateId aggregate, EventData content) {
        return content;
    }

    /** What was in a snapshot; the content itself when it is not sealed. */
    default EventData openSnapshot(AggregateId aggregate, EventData content) throws UnreadableException {
        return content;
    }
}

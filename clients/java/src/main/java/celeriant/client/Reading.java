package celeriant.client;

import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * From what is stored to what is shown, and back: data is sealed before it is stored and opened where it is shown, old
 * events are brought up to their newest form. Any thread.
 */
final class Reading {
    /** Nothing is sealed, nothing is old. */
    static final Reading AS_IT_IS = new Reading(null, List.of());

    /**
     * An event as it is shown.
     *
     * @param unreadable why it cannot be, or null
     */
    record Shown(Event event, String unreadable) {}

    private static final Pattern JSON = Pattern.compile("^application/([\\w.-]+\\+)?json\\b");

    private record Form(String type, String typeVersion) {
        static Form of(Event event) {
            return new Form(event.type(), event.typeVersion() == null ? Upcaster.FIRST_VERSION : event.typeVersion());
        }
    }

    private final Codec codec;
    private final Map<Form, Upcaster> upcasters = new HashMap<>();

    /**
     * @param codec or null
     * @throws IllegalArgumentException if two upcasters take the same version of the same type
     */
    Reading(Codec codec, List<Upcaster> upcasters) {
        this.codec = codec;
        for (Upcaster upcaster : upcasters) {
            if (this.upcasters.put(new Form(upcaster.type(), upcaster.typeVersion()), upcaster) != null) {
                throw new IllegalArgumentException(
                        "two upcasters for " + upcaster.type() + " " + upcaster.typeVersion());
            }
        }
    }

    /** The events as they are stored and sent. */
    List<Event> seal(List<Event> events) {
        if (codec == null) {
            return events;
        }
        List<Event> sealed = new ArrayList<>();
        for (Event event : events) {
            sealed.add(event.encryption() != null || clears(event) ? event : codec.seal(event));
        }
        return CheckedEvents.of(sealed);
    }

    EventData sealSnapshot(AggregateId aggregate, EventData content) {
        return codec == null ? content : codec.sealSnapshot(aggregate, content);
    }

    /** What a snapshot holds. */
    EventData opened(Snapshot snapshot) throws UnreadableException {
        String type = snapshot.contentType();
        boolean json =
                type != null && JSON.matcher(type.toLowerCase(Locale.ROOT)).find();
        EventData.Form form = json ? EventData.Form.JSON : EventData.Form.BINARY;
        EventData content = new EventData(form, snapshot.data(), type);
        return codec == null ? content : codec.openSnapshot(snapshot.aggregate(), content);
    }

    Shown show(Event event) {
        if (codec == null && upcasters.isEmpty()) {
            return new Shown(event, null);
        }
        try {
            Event open = open(event);
            return new Shown(open.encryption() != null || clears(open) ? open : newest(open), null);
        } catch (UnreadableException e) {
            return new Shown(event, e.getMessage());
        } catch (RuntimeException e) {
            return new Shown(event, e.toString());
        }
    }

    /** The event as it is shown, in its place. */
    RecordedEvent recorded(RecordedEvent stored, Event shown) {
        return shown == stored.event()
                ? stored
                : new RecordedEvent(
                        shown.id() == null ? shown.withId(stored.event().id()) : shown,
                        stored.version(),
                        stored.position(),
                        stored.client(),
                        stored.append(),
                        stored.sequence(),
                        stored.recordedAtMillis());
    }

    /** A register is shown as the event that set it would be. */
    Shown show(AggregateId aggregate, String key, Register register) {
        return show(new Event(
                null,
                aggregate,
                register.type(),
                register.typeVersion(),
                key,
                register.data(),
                register.time(),
                register.encryption()));
    }

    private Event open(Event event) throws UnreadableException {
        if (codec == null || event.encryption() == null) {
            return event;
        }
        EventData data = codec.open(event);
        return new Event(
                event.id(),
                event.aggregate(),
                event.type(),
                event.typeVersion(),
                event.key(),
                data,
                event.time(),
                null);
    }

    private Event newest(Event event) {
        Event newest = event;
        for (int steps = 0; ; steps++) {
            Upcaster upcaster = upcasters.get(Form.of(newest));
            if (upcaster == null) {
                return newest;
            }
            if (steps == upcasters.size()) {
                throw new IllegalStateException(
                        "upcasters go round in a circle at " + newest.type() + " " + newest.typeVersion());
            }
            Event up = upcaster.upcast().apply(newest);
            newest = new Event(
                    event.id(),
                    event.aggregate(),
                    up.type(),
                    up.typeVersion(),
                    event.key(),
                    up.data(),
                    event.time(),
                    event.encryption());
        }
    }

    private static boolean clears(Event event) {
        return event.key() != null && event.data().isJsonNull();
    }
}

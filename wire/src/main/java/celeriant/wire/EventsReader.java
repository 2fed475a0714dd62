package celeriant.wire;

import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.Limits;
import celeriant.model.Problem;
import java.util.List;

/**
 * Reads the body of the short form of append: one event or an array of them, all of the aggregate in the path. The
 * append's id and sequence are in headers, so the caller puts the {@link celeriant.model.Append} together.
 */
public final class EventsReader {
    private EventsReader() {}

    /**
     * Either events or the fault of the one append that they would have been.
     *
     * @param fault null if there is none; its pointer is {@code /events/0/…} also when the body is one event alone
     */
    public record EventsBody(List<Event> events, Problem fault) {
        public EventsBody {
            events = List.copyOf(events);
        }
    }

    /**
     * Reads {@code bytes[from, to)}. The events copy what they need: the array may be reused afterwards.
     *
     * @throws BadBodyException for malformed JSON and for what is neither an object nor an array
     */
    public static EventsBody read(byte[] bytes, int from, int to, AggregateId aggregate, Limits limits)
            throws BadBodyException {
        JsonReader in = new JsonReader(bytes, from, to);
        int c = in.peek();
        if (c != '{' && c != '[') {
            in.skipValue();
            throw new BadBodyException(
                    Problem.badRequest("", "the body is an event (an object) or an array of events"));
        }
        EventReader reader = new EventReader(bytes, in, limits, aggregate);
        int start = in.position();
        EventsBody body;
        try {
            body = new EventsBody(c == '[' ? reader.readArray() : List.of(reader.readEvent(0)), null);
        } catch (EventFault e) {
            body = new EventsBody(List.of(), e.problem());
            in.rewind(start);
            in.skipValue();
        }
        int size = in.position() - start;
        in.finish();
        if (body.fault() == null && size > limits.appendBytesMax()) {
            String detail = "an append has at most " + limits.appendBytesMax() + " bytes as JSON";
            return new EventsBody(List.of(), Problem.tooLarge("", detail, limits.appendBytesMax(), "bytes"));
        }
        return body;
    }
}

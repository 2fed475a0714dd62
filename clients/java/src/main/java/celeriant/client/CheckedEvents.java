package celeriant.client;

import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.Limits;
import celeriant.model.Problem;
import celeriant.wire.AppendsReader;
import celeriant.wire.AppendsWriter;
import celeriant.wire.BadBodyException;
import celeriant.wire.JsonBytes;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Looks at an append before it is stored, with the gateway's own eyes: a mistake of the program does not wait in the
 * buffer to be rejected days later. What only the gateway can know is left to it. Stateless: any thread.
 */
final class CheckedEvents {
    private CheckedEvents() {}

    /**
     * The events as they will be sent and come back.
     *
     * @throws InvalidAppendException if no log could take them
     */
    static List<Event> of(List<Event> events) {
        if (events.isEmpty()) {
            throw new InvalidAppendException(Problem.badRequest("/events", "an append has at least one event"));
        }
        JsonBytes body = new JsonBytes();
        AppendsWriter.writeOnline(List.of(new Append(new UUID(0, 0), 0, events, Map.of(), null)), body);
        Append read;
        try {
            read = AppendsReader.read(body.array(), 0, body.length(), Limits.DEFAULT)
                    .appends()
                    .get(0);
        } catch (BadBodyException e) {
            throw new InvalidAppendException(e.problem());
        }
        if (read.fault() != null) {
            throw new InvalidAppendException(read.fault());
        }
        return read.events();
    }
}

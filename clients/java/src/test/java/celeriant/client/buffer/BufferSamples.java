package celeriant.client.buffer;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Appends and events for tests of buffers, different by their number. */
final class BufferSamples {
    static final AggregateId BOARD = new AggregateId("canvas", "b");
    static final AggregateId NOTES = new AggregateId("notes", "n");

    private BufferSamples() {}

    static UUID id(long number) {
        return new UUID(7, number);
    }

    static Draft draft(long number) {
        byte[] json = ("{\"n\":" + number + ".50,\"n\":1}").getBytes(StandardCharsets.UTF_8);
        Event full = new Event(
                new UUID(8, number),
                BOARD,
                "t",
                "1.0",
                "k\u00e9",
                new EventData(EventData.Form.JSON, json, "application/json"),
                "2026-01-31T08:15:00Z",
                new Encryption("A256GCM", "k", "AAAA"));
        Event bare = Event.of(NOTES, "u", EventData.binary(new byte[] {0, (byte) number}));
        return new Draft(id(number), List.of(full, bare), 1000 + number, null);
    }

    static RecordedEvent event(long number) {
        Event event = draft(number).events().get(0);
        return new RecordedEvent(event, number, number, new ClientId("svc.x"), id(number), number, 1_769_847_300_007L);
    }
}

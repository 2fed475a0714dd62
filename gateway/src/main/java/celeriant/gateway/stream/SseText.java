package celeriant.gateway.stream;

import celeriant.gateway.read.VisiblePage;
import celeriant.model.RecordedEvent;
import celeriant.wire.EventWriter;
import celeriant.wire.JsonBytes;
import celeriant.wire.PageWriter.RightChange;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The text of Server-Sent Events as the protocol writes them. Stateless: any thread. */
final class SseText {
    private static final byte[] ID = JsonBytes.ascii("id: ");
    private static final byte[] DATA_ARRAY = JsonBytes.ascii("\ndata: [");
    private static final byte[] END_ARRAY = JsonBytes.ascii("]\n\n");
    private static final byte[] HEARTBEAT = JsonBytes.ascii(": heartbeat\n\n");

    private SseText() {}

    /** Opens an unnamed message with an array of events. */
    static void beginEvents(long position, JsonBytes out) {
        out.raw(ID).number(position).raw(DATA_ARRAY);
    }

    static void endEvents(JsonBytes out) {
        out.raw(END_ARRAY);
    }

    /** A page's messages: its events, and in their places the changes of the reader's rights. */
    static void messages(VisiblePage page, JsonBytes out) {
        int from = 0;
        List<RecordedEvent> events = page.events();
        for (RightChange change : page.rights()) {
            int to = from;
            while (to < events.size() && events.get(to).position() < change.position()) {
                to++;
            }
            events(events.subList(from, to), change.position() - 1, out);
            out.raw(right(change));
            from = to;
        }
        events(events.subList(from, events.size()), page.covered(), out);
    }

    private static void events(List<RecordedEvent> events, long position, JsonBytes out) {
        if (!events.isEmpty()) {
            beginEvents(position, out);
            events.forEach(recorded -> EventWriter.write(recorded, out.element()));
            endEvents(out);
        }
    }

    /** {@code granted} or {@code revoked}. */
    static byte[] right(RightChange change) {
        JsonBytes data = new JsonBytes();
        data.raw('{').name("aggregate").string(change.aggregate().toString());
        if (change.level() != null) {
            data.name("level").string(change.level());
        }
        return named(change.level() == null ? "revoked" : "granted", change.position(), data.raw('}'));
    }

    /** A named event; {@code position} below 0 = without an id; {@code data} is JSON in one line. */
    static byte[] named(String event, long position, JsonBytes data) {
        String id = position < 0 ? "" : "id: " + position + "\n";
        String text = "event: " + event + "\n" + id + "data: " + data + "\n\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Keeps the connection open and moves a filtered reader's cursor on. */
    static byte[] heartbeat(long position) {
        JsonBytes out = new JsonBytes();
        return out.raw(ID).number(position).raw('\n').raw('\n').raw(HEARTBEAT).toByteArray();
    }

    /** The first bytes of a stream: says that it is open. */
    static byte[] opening() {
        return HEARTBEAT;
    }
}

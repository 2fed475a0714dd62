package celeriant.gateway.stream;

import celeriant.wire.JsonBytes;
import java.nio.charset.StandardCharsets;

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

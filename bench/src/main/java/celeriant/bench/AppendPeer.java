package celeriant.bench;

import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A server that takes durable appends (a device flush before every answer), started for a benchmark and ended by it.
 */
interface AppendPeer extends AutoCloseable {
    /** How many bytes one event's payload has, in every peer. */
    int EVENT_BYTES = 200;

    /** What a request carries. */
    record Load(int aggregates, int eventsPerRequest) {
        /** {@code event} so many times: alone, or as a JSON array. */
        String body(String event) {
            return eventsPerRequest == 1
                    ? event
                    : "[" + String.join(",", Collections.nCopies(eventsPerRequest, event)) + "]";
        }

        String label() {
            return aggregates
                    + (aggregates == 1 ? " aggregate" : " aggregates")
                    + (eventsPerRequest == 1 ? "" : ", " + eventsPerRequest + " events a request");
        }
    }

    String name();

    ServerProcess process();

    int port();

    /** Whether this peer can do {@code load}. */
    boolean takes(Load load);

    /** The exchange of each connection, by its number. */
    IntFunction<Exchange> exchanges(Load load);

    /** The payload: a JSON string of {@link #EVENT_BYTES} bytes with its quotes. */
    static String payload() {
        return "\"" + "x".repeat(EVENT_BYTES - 2) + "\"";
    }

    @Override
    void close();

    /** Ends every peer, whatever one of them does. */
    static void closeAll(List<AppendPeer> peers) {
        for (AppendPeer peer : peers) {
            try {
                peer.close();
            } catch (RuntimeException e) {
                System.err.println(peer.name() + " did not end cleanly: " + e.getMessage());
            }
        }
    }
}

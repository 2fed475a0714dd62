package celeriant.bench;

import java.util.concurrent.CompletionStage;

/** A store on this machine that takes durable appends in process or over its own protocol. */
interface AppendStore extends AutoCloseable {
    String name();

    /**
     * One durable append of {@code events} events of {@link AppendPeer#EVENT_BYTES} bytes by one caller, to that
     * caller's own aggregate; each caller has one in flight.
     */
    CompletionStage<?> append(int caller, int events, boolean keyed);

    @Override
    void close();
}

package celeriant.client;

import celeriant.client.buffer.LocalBuffer;
import celeriant.client.gateway.World;

/** Parts of a client on a buffer that is open, without its threads: all runs where it is called. */
final class ClientParts {
    private ClientParts() {}

    static OpenAggregates aggregates(Object memory, LocalBuffer buffer, Overlay overlay) {
        return new OpenAggregates(
                memory,
                buffer,
                buffer.contents(),
                overlay,
                () -> "me",
                Runnable::run,
                Reading.AS_IT_IS,
                (name, version, reason) -> {
                    throw new AssertionError(reason);
                });
    }

    static Outbox outbox(Object memory, LocalBuffer buffer, Overlay overlay, OpenAggregates all) {
        return new Outbox(memory, buffer, buffer.contents(), overlay, all::readUpTo, World.system(), Runnable::run);
    }
}

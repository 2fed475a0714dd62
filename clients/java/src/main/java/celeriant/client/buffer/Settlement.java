package celeriant.client.buffer;

import celeriant.model.After;
import java.util.List;

/**
 * The outcome of a push for the front of the queue.
 *
 * @param client the identity under which it was pushed; a settlement for another one is refused
 * @param settled the last append that is settled now; all pending ones up to it leave the queue
 */
public record Settlement(String client, After settled, List<KeptAppend> kept, List<RejectedAppend> rejected) {
    public Settlement {
        kept = List.copyOf(kept);
        rejected = List.copyOf(rejected);
    }
}

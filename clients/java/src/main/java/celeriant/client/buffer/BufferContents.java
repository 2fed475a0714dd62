package celeriant.client.buffer;

import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.wire.DeviceKey;
import java.util.List;
import java.util.Set;

/**
 * What is in the buffer when it is opened.
 *
 * @param settled the last settled append under this identity, or null
 * @param pending in the order of their sequences
 * @param rejected oldest first
 * @param cursor null if nothing was read yet
 * @param follows the aggregates that are complete up to the cursor, whatever their own position says
 */
public record BufferContents(
        DeviceKey identity,
        After settled,
        List<PendingAppend> pending,
        List<RejectedAppend> rejected,
        Cursor cursor,
        Set<AggregateId> follows) {
    public BufferContents {
        pending = List.copyOf(pending);
        rejected = List.copyOf(rejected);
        follows = Set.copyOf(follows);
    }

    /** The client's id: the thumbprint of its key. */
    public String clientId() {
        return identity.jwk().thumbprint();
    }
}

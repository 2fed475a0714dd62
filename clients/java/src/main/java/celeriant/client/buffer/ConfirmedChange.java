package celeriant.client.buffer;

import celeriant.model.AggregateId;
import java.util.List;
import java.util.Set;

/**
 * Everything that one step of reading changes, applied as a whole.
 *
 * @param cursor where reading stands from now on; null: where it stood, unless {@code everythingForgotten}
 * @param follows the aggregates that are complete up to the cursor from now on; null: the same as before
 * @param everythingForgotten drop the cursor and the confirmed state of every aggregate first
 */
public record ConfirmedChange(
        Cursor cursor, Set<AggregateId> follows, List<AggregateChange> aggregates, boolean everythingForgotten) {
    public ConfirmedChange {
        follows = follows == null ? null : Set.copyOf(follows);
        aggregates = List.copyOf(aggregates);
    }
}

package celeriant.gateway.read;

import celeriant.model.RecordedEvent;
import celeriant.wire.PageWriter.RightChange;
import java.util.List;

/**
 * What a reader may see of a part of the merged log.
 *
 * @param rights where in it the reader's own rights change
 * @param covered the position that it accounts for
 * @param last whether it reaches the end that was asked for
 * @param head the log's end when it was read
 */
public record VisiblePage(List<RecordedEvent> events, List<RightChange> rights, long covered, boolean last, long head) {
    /** Whether it says nothing. */
    public boolean isEmpty() {
        return events.isEmpty() && rights.isEmpty();
    }
}

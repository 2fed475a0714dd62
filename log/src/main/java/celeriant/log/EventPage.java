package celeriant.log;

import celeriant.model.RecordedEvent;
import java.util.List;

/**
 * A page of events.
 *
 * @param covered the last version (of an aggregate) or position (of the merged log) that the page accounts for, events
 *     that the filter left out included: pass it as {@code after} to go on
 * @param last whether the page reaches the end that was asked for
 * @param head the aggregate's version or the org's position at the time of the read
 * @param firstVersion of an aggregate's page: the first version that is still there; of the merged log's: 1
 */
public record EventPage(List<RecordedEvent> events, long covered, boolean last, long head, long firstVersion) {}

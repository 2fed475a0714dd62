package celeriant.client;

import celeriant.model.Event;
import celeriant.model.RecordedEvent;

/**
 * An event as a projection sees it.
 *
 * @param recorded where the log has it, or null as long as it was not read back
 * @param pending whether the log has not settled it
 */
public record SeenEvent(Event event, RecordedEvent recorded, boolean pending) {}

package celeriant.model;

/**
 * The current value of one last-write-wins register: the latest event of the log that has its key.
 *
 * @param time the event's own time as sent, or null
 * @param typeVersion or null
 * @param encryption or null
 */
public record Register(
        EventData data,
        Encryption encryption,
        String type,
        String typeVersion,
        long version,
        long position,
        ClientId client,
        String time) {
    /** The register that {@code recorded} sets. */
    public static Register of(RecordedEvent recorded) {
        Event event = recorded.event();
        return new Register(
                event.data(),
                event.encryption(),
                event.type(),
                event.typeVersion(),
                recorded.version(),
                recorded.position(),
                recorded.client(),
                event.time());
    }
}

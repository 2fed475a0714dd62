package celeriant.client;

import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.Register;
import java.nio.charset.StandardCharsets;

/**
 * The latest value of one register: confirmed, or of an append of this client that the log has not brought back yet.
 *
 * @param version 0 as long as the log has not given one
 * @param position 0 as long as the log has not given one
 * @param pending whether the log has not settled it
 * @param encryption or null
 * @param typeVersion or null
 * @param time as it was sent, or null
 * @param unreadable why the data cannot be shown, or null; the data is then as it is stored
 */
public record RegisterValue(
        EventData data,
        Encryption encryption,
        String type,
        String typeVersion,
        String time,
        String client,
        long version,
        long position,
        boolean pending,
        String unreadable) {
    static RegisterValue of(Register register, Reading.Shown shown) {
        return new RegisterValue(
                shown.event().data(),
                shown.event().encryption(),
                shown.event().type(),
                shown.event().typeVersion(),
                register.time(),
                register.client().value(),
                register.version(),
                register.position(),
                false,
                shown.unreadable());
    }

    static RegisterValue of(Reading.Shown shown, String client, boolean pending) {
        Event event = shown.event();
        return new RegisterValue(
                event.data(),
                event.encryption(),
                event.type(),
                event.typeVersion(),
                event.time(),
                client,
                0,
                0,
                pending,
                shown.unreadable());
    }

    /** The data as text: JSON, if it is JSON. */
    public String text() {
        return new String(data.bytes(), StandardCharsets.UTF_8);
    }
}

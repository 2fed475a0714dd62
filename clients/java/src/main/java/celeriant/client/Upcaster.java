package celeriant.client;

import celeriant.model.Event;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * How one version of an event type becomes the next one. It runs whenever an event or a register is shown, from the
 * log, from the buffer or still pending; what is stored and sent stays as it was written. The result is brought up
 * further when another upcaster takes what it became. Aggregates and keys stay what they are. An event that clears its
 * register has no data to bring up and is passed as it is. {@snippet file="celeriant/client/SnippetsTest.java"
 * region="upcasting"}
 *
 * @param type the event type that it takes
 * @param typeVersion the version that it takes; events that name none are {@code 1.0}
 * @param upcast pure; when it throws, the event is shown as unreadable
 */
public record Upcaster(String type, String typeVersion, UnaryOperator<Event> upcast) {
    static final String FIRST_VERSION = "1.0";

    public Upcaster {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(typeVersion, "typeVersion");
        Objects.requireNonNull(upcast, "upcast");
    }

    /** For events of a type that are of version 1.0, or name none. */
    public static Upcaster of(String type, UnaryOperator<Event> upcast) {
        return new Upcaster(type, FIRST_VERSION, upcast);
    }
}

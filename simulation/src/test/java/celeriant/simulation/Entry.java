package celeriant.simulation;

import celeriant.model.Event;
import java.util.List;
import java.util.UUID;

/** One append that an application made, and what it was told of it. */
final class Entry {
    final UUID id;
    final Device device;
    /** Its place among the appends of its device. */
    final long order;

    final List<Event> events;
    /** The application was told that it is durable on the device. */
    boolean acknowledged;
    /** Copies of it may be on several devices: a clone has it too. */
    boolean shared;
    /** Its device was put back to before it, and may not know that it was sent. */
    boolean forgotten;
    /** The application took it from the rejected list, or its device forgot it. */
    boolean takenBack;

    Entry(UUID id, Device device, long order, List<Event> events) {
        this.id = id;
        this.device = device;
        this.order = order;
        this.events = events;
    }
}

package celeriant.simulation;

import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.MemoryBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a device has on its disk: every transaction in order, and up to which of them it is synced. A crash keeps all
 * that is synced and some of the rest, in order.
 */
final class Profile {
    private final List<Consumer<LocalBuffer>> steps = new ArrayList<>();
    private int synced;

    void add(Consumer<LocalBuffer> change, boolean durable) {
        steps.add(change);
        if (durable) {
            synced = steps.size();
        }
    }

    /** All of it is synced now. */
    void sync() {
        synced = steps.size();
    }

    /** The last step turns out not to be synced. */
    void unsync() {
        synced = Math.min(synced, steps.size() - 1);
    }

    /** How far the disk has come; {@link #cutTo} goes back there. */
    int place() {
        return steps.size();
    }

    void crash(Chance chance) {
        cutTo((int) chance.between(synced, steps.size()));
    }

    /** As it was at an earlier place. */
    void cutTo(int place) {
        steps.subList(place, steps.size()).clear();
        synced = steps.size();
    }

    Profile copy() {
        Profile copy = new Profile();
        copy.steps.addAll(steps);
        copy.synced = steps.size();
        return copy;
    }

    /** The buffer that the steps come to. */
    MemoryBuffer read() {
        MemoryBuffer buffer = new MemoryBuffer();
        steps.forEach(step -> step.accept(buffer));
        return buffer;
    }

    BufferContents contents() {
        return read().contents();
    }
}

package celeriant.simulation;

import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.Cursor;
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
    /** @param forgets drops everything that was read */
    private record Step(Consumer<LocalBuffer> change, boolean forgets) {}

    private static final int NEVER = Integer.MAX_VALUE;

    private final List<Step> steps = new ArrayList<>();
    private int synced;
    /** The step at which the log lost what had been read here; {@link #NEVER} if it did not. */
    private int staleFrom = NEVER;

    void add(Consumer<LocalBuffer> change, boolean durable, boolean forgets) {
        steps.add(new Step(change, forgets));
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
        staleFrom = staleFrom == NEVER ? NEVER : Math.min(staleFrom, steps.size());
    }

    Profile copy() {
        Profile copy = new Profile();
        copy.steps.addAll(steps);
        copy.synced = steps.size();
        copy.staleFrom = staleFrom;
        return copy;
    }

    /** The buffer that the steps come to. */
    MemoryBuffer read() {
        MemoryBuffer buffer = new MemoryBuffer();
        steps.forEach(step -> step.change().accept(buffer));
        return buffer;
    }

    BufferContents contents() {
        return read().contents();
    }

    /** The log was restored to this position: what was read here beyond it may not be there any more. */
    void logCutTo(long position) {
        Cursor cursor = steps.isEmpty() ? null : contents().cursor();
        if (cursor != null && cursor.position() > position && !isStale()) {
            staleFrom = steps.size();
        }
    }

    /** Whether what was read here is of a log that is not there any more, and that was not noticed yet. */
    boolean isStale() {
        for (int i = staleFrom; i < steps.size(); i++) {
            if (steps.get(i).forgets()) {
                return false;
            }
        }
        return staleFrom != NEVER;
    }
}

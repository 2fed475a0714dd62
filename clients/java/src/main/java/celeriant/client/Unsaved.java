package celeriant.client;

import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.Draft;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.PendingAppend;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What was appended and is not stored yet, in its order. It goes into the buffer many at a time, in one transaction.
 * What a store may have kept when it broke is looked for before it is stored again, or called failed: either would have
 * it made twice. Guarded by the memory lock; {@link #store} on the client's thread alone.
 */
final class Unsaved {
    /** An append on its way into the buffer. */
    record One(Draft draft, AppendHandle handle) {}

    /**
     * What became of some.
     *
     * @param failure why those that are not stored are not, or null: others took off the rejected list what they retry
     */
    record Outcome(List<One> saving, List<PendingAppend> stored, BufferException failure) {}

    private final Object memory;
    private final LocalBuffer buffer;
    private final List<One> waiting = new ArrayList<>();
    /** So many of the first may be stored: the store broke while it made them durable, and cannot be asked. */
    private int doubted;

    Unsaved(Object memory, LocalBuffer buffer) {
        this.memory = memory;
        this.buffer = buffer;
    }

    void add(Draft draft, AppendHandle handle) {
        waiting.add(new One(draft, handle));
    }

    /** In their order. */
    List<One> all() {
        return waiting;
    }

    boolean isRetried(UUID id) {
        return waiting.stream().anyMatch(one -> id.equals(one.draft().retries()));
    }

    /** Whether the store must be asked again what it kept. */
    boolean isDoubted() {
        return doubted > 0;
    }

    /** Stores the next ones; null if there are none, or if what became of them is not known yet. */
    Outcome store() {
        List<One> next;
        synchronized (memory) {
            int count = isDoubted() ? doubted : Math.min(waiting.size(), ClientLimits.SAVED_TOGETHER_MAX);
            next = List.copyOf(waiting.subList(0, count));
        }
        return next.isEmpty() ? null : isDoubted() ? again(next) : once(next);
    }

    private Outcome once(List<One> next) {
        try {
            return done(next, buffer.append(next.stream().map(One::draft).toList()), null);
        } catch (BufferException e) {
            try {
                // A store may break behind its commit: what it holds is not called failed.
                return done(next, found(next), e);
            } catch (BufferException silent) {
                doubted = e instanceof BufferException.Unsure ? next.size() : 0;
                return isDoubted() ? null : done(next, List.of(), e);
            }
        }
    }

    private Outcome again(List<One> next) {
        List<PendingAppend> there;
        try {
            there = found(next);
        } catch (BufferException silent) {
            return null;
        }
        doubted = 0;
        return there.isEmpty() ? once(next) : done(next, there, null);
    }

    /** Among all: they may have been numbered again meanwhile. */
    private List<PendingAppend> found(List<One> next) {
        Set<UUID> ids = next.stream().map(one -> one.draft().id()).collect(Collectors.toCollection(HashSet::new));
        return buffer.loadPendingForSure().stream()
                .filter(append -> ids.contains(append.id()))
                .toList();
    }

    private Outcome done(List<One> next, List<PendingAppend> stored, BufferException failure) {
        return new Outcome(next, stored, stored.isEmpty() ? failure : null);
    }

    /** These are in the buffer, or were called failed. */
    void takeOff(List<One> saved) {
        waiting.subList(0, saved.size()).clear();
    }
}

package celeriant.log.memory;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The one lock of an {@link InMemoryEventLog}, and what its subscriptions wait on. Thread-safe. */
final class MemoryLock {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    <T> T hold(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes all who wait; only while holding. */
    void signal() {
        changed.signalAll();
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        hold(() -> {
            closed = true;
            changed.signalAll();
            return null;
        });
    }

    /** Runs {@code attempt} until it gives something, the nanoseconds are over, or the log closes; then null. */
    <T> T await(Supplier<T> attempt, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            T found = attempt.get();
            while (found == null && left > 0 && !closed) {
                left = changed.awaitNanos(left);
                found = attempt.get();
            }
            return found;
        } finally {
            lock.unlock();
        }
    }
}

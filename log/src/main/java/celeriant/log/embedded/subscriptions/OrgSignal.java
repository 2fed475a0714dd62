package celeriant.log.embedded.subscriptions;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Rises with each append of an org, so that subscriptions can wait for the next one. Thread-safe. */
final class OrgSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition raised = lock.newCondition();
    private volatile long count;
    private volatile boolean closed;
    /** Changed only inside the map that holds it. */
    int users;

    /** How often it was raised. */
    long count() {
        return count;
    }

    boolean isClosed() {
        return closed;
    }

    void raise() {
        lock.lock();
        try {
            count++;
            raised.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        raise();
    }

    /**
     * Waits until it was raised since {@code seen}. @return nanoseconds left; 0 or less if they are over or it closed
     */
    long await(long seen, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (count == seen && left > 0 && !closed) {
                left = raised.awaitNanos(left);
            }
            return closed ? 0 : left;
        } finally {
            lock.unlock();
        }
    }
}

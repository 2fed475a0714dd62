package celeriant.log.embedded.commit;

import celeriant.log.Measures;
import celeriant.log.StorageFailedException;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes on their way to the writer thread, bounded in number and in bytes: back-pressure is an answer, never a wait.
 * Offered by any thread, taken by the writer.
 */
public final class WriteQueue {
    private static final Problem FULL = Problem.of(ErrorCode.BUSY, "more writes are waiting than the log takes");
    private static final Problem CLOSED = Problem.of(ErrorCode.BUSY, "the log is closed");

    private final ArrayBlockingQueue<PendingWrite<?>> waiting;
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private final long bytesMax;
    private volatile boolean closed;
    private volatile boolean ended;
    private volatile String failure;
    private volatile Problem full;

    public WriteQueue(int writesMax, long bytesMax) {
        this.waiting = new ArrayBlockingQueue<>(writesMax);
        this.bytesMax = bytesMax;
    }

    /** Queues a write or answers it at once. */
    public <T> CompletableFuture<T> offer(PendingWrite<T> write) {
        String failed = failure;
        Problem noRoom = full;
        if (failed != null) {
            write.answer().completeExceptionally(new StorageFailedException(failed));
        } else if (closed) {
            write.completeRefused(CLOSED);
        } else if (noRoom != null && !write.makesRoom()) {
            write.completeRefused(noRoom);
        } else if (bytes.addAndGet(write.payloadBytes()) > bytesMax || !waiting.offer(write)) {
            bytes.addAndGet(-write.payloadBytes());
            refused.increment();
            write.completeRefused(FULL);
        } else {
            answerLate();
        }
        return write.answer();
    }

    /** Nobody takes any more: what slipped in meanwhile is answered here. */
    private void answerLate() {
        if (failure != null) {
            failAll(failure);
        } else if (ended) {
            end();
        }
    }

    /** The next write, or null if none comes in time. */
    public PendingWrite<?> poll(long waitNanos) throws InterruptedException {
        PendingWrite<?> write = waiting.poll();
        if (write == null && waitNanos > 0) {
            write = waiting.poll(waitNanos, TimeUnit.NANOSECONDS);
        }
        if (write != null) {
            bytes.addAndGet(-write.payloadBytes());
        }
        return write;
    }

    public void show(Measures into) {
        into.gauge("queue_writes", "Writes that wait for the writer.", waiting.size());
        into.gauge("queue_bytes", "Payload bytes that wait for the writer.", bytes.get());
        into.counter("queue_refused_total", "Writes that were answered busy: the queue was full.", refused.sum());
        into.gauge("takes_appends", "1 if appends are taken, else 0.", failure == null && full == null ? 1 : 0);
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    public int size() {
        return waiting.size();
    }

    public boolean isClosed() {
        return closed;
    }

    /** Why nothing is taken any more; null while the storage is good. */
    public String failure() {
        return failure;
    }

    /** Why only what makes room is taken for the time being; null while everything is. */
    public Problem full() {
        return full;
    }

    /** Answers what comes later with a problem, but for what makes room; null ends it. */
    void refuseAppends(Problem problem) {
        full = problem;
    }

    /** Refuses what comes later. */
    public void close() {
        closed = true;
    }

    /** Refuses what still waits: the writer thread is gone. */
    public void end() {
        ended = true;
        PendingWrite<?> write = waiting.poll();
        while (write != null) {
            write.completeRefused(CLOSED);
            write = waiting.poll();
        }
    }

    /** Answers what waits, and what comes later, that the storage failed. */
    void fail(String why) {
        failure = why;
        failAll(why);
    }

    private void failAll(String why) {
        PendingWrite<?> write = waiting.poll();
        while (write != null) {
            write.answer().completeExceptionally(new StorageFailedException(why));
            write = waiting.poll();
        }
    }
}

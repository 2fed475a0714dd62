package celeriant.log.embedded.commit;

import celeriant.log.Measures;
import celeriant.log.StorageFailedException;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Writes on their way to the writer thread, bounded in number and in bytes: back-pressure is an answer, never a wait.
 * Offered by any thread, without a lock: who offers must not wait for the others. Taken by the writer, which is woken
 * only when as many wait as it wants to be woken for.
 */
public final class WriteQueue {
    private static final Problem FULL = Problem.of(ErrorCode.BUSY, "more writes are waiting than the log takes");
    private static final Problem CLOSED = Problem.of(ErrorCode.BUSY, "the log is closed");
    private static final int NEVER = Integer.MAX_VALUE;

    private final Queue<PendingWrite<?>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private final int writesMax;
    private final long bytesMax;
    private volatile Thread taker;
    private volatile int wakeAt = NEVER;
    private volatile boolean closed;
    private volatile boolean ended;
    private volatile String failure;
    private volatile Problem full;
    /** What those that cannot wait may still take of the disk while it is full. */
    private final AtomicLong reserve = new AtomicLong();

    public WriteQueue(int writesMax, long bytesMax) {
        this.writesMax = writesMax;
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
        } else if (noRoom != null && !hasRoom(write)) {
            write.completeRefused(noRoom);
        } else if (!takeBytes(write.payloadBytes())) {
            refuse(write);
        } else if (writes.incrementAndGet() > writesMax) {
            taken(write);
            refuse(write);
        } else {
            waiting.add(write);
            wake();
            answerLate();
        }
        return write.answer();
    }

    /** Whether it is taken though the disk is full. */
    private boolean hasRoom(PendingWrite<?> write) {
        return switch (write.room()) {
            case TAKES -> false;
            case TAKES_OF_RESERVE -> reserve.addAndGet(-write.payloadBytes()) >= 0;
            case MAKES -> true;
        };
    }

    /** One that is larger than all the room is taken when nothing else waits: told busy, it would be so for ever. */
    private boolean takeBytes(long payloadBytes) {
        long before = bytes.getAndAdd(payloadBytes);
        if (before == 0 || before + payloadBytes <= bytesMax) {
            return true;
        }
        bytes.addAndGet(-payloadBytes);
        return false;
    }

    private void refuse(PendingWrite<?> write) {
        refused.increment();
        write.completeRefused(FULL);
    }

    private void taken(PendingWrite<?> write) {
        writes.decrementAndGet();
        bytes.addAndGet(-write.payloadBytes());
    }

    /** Whoever waits for writes looks again: there is something else for it. Any thread. */
    void nudge() {
        LockSupport.unpark(taker);
    }

    private void wake() {
        if (writes.get() >= wakeAt) {
            wakeAt = NEVER;
            LockSupport.unpark(taker);
        }
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
            await(1, waitNanos, () -> false);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            write = waiting.poll();
        }
        if (write != null) {
            taken(write);
        }
        return write;
    }

    /**
     * Waits until so many writes are here, or the time is over, or {@code orElse}: who makes that true unparks the
     * thread. May end early.
     */
    void await(int count, long waitNanos, BooleanSupplier orElse) {
        taker = Thread.currentThread();
        wakeAt = count;
        if (writes.get() < count && !orElse.getAsBoolean()) {
            LockSupport.parkNanos(this, waitNanos);
        }
        wakeAt = NEVER;
    }

    public void show(Measures into) {
        into.gauge("queue_writes", "Writes that wait for the writer.", writes.get());
        into.gauge("queue_bytes", "Payload bytes that wait for the writer.", bytes.get());
        into.counter("queue_refused_total", "Writes that were answered busy: the queue was full.", refused.sum());
        into.gauge("takes_appends", "1 if appends are taken, else 0.", failure == null && full == null ? 1 : 0);
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    public int size() {
        return writes.get();
    }

    /** Payload bytes of what waits. */
    long bytes() {
        return bytes.get();
    }

    public boolean isClosed() {
        return closed;
    }

    /** Why nothing is taken until a restart; null while all is good. */
    public String failure() {
        return failure;
    }

    /** Why appends are not taken for the time being; null while everything is. */
    public Problem full() {
        return full;
    }

    /**
     * Answers what comes later with a problem, but for what makes room and, for {@code reserveBytes}, what cannot wait.
     */
    void refuseAppends(Problem problem, long reserveBytes) {
        reserve.set(reserveBytes);
        full = problem;
    }

    void takeAppends() {
        full = null;
    }

    /** Refuses what comes later. */
    public void close() {
        closed = true;
        nudge();
    }

    /** Refuses what still waits: the writer thread is gone. */
    public void end() {
        ended = true;
        for (PendingWrite<?> write = waiting.poll(); write != null; write = waiting.poll()) {
            taken(write);
            write.completeRefused(CLOSED);
        }
    }

    /** Answers what waits, and what comes later, that nothing is taken until a restart. */
    void fail(String why) {
        failure = why;
        failAll(why);
    }

    private void failAll(String why) {
        for (PendingWrite<?> write = waiting.poll(); write != null; write = waiting.poll()) {
            taken(write);
            write.answer().completeExceptionally(new StorageFailedException(why));
        }
    }
}

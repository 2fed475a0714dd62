package celeriant.log.embedded.reads;

import celeriant.log.embedded.record.CorruptLogException;
import celeriant.model.AggregateId;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Lets reads through until it is closed, and closing wait for those that are inside: the index must not be closed under
 * them. Thread-safe.
 */
public final class ReadGate {
    private static final long CLOSED = Long.MIN_VALUE;
    private static final long WAIT_NANOS = 100_000;

    /** How many are inside; the sign says that it is closed. */
    private final AtomicLong inside = new AtomicLong();

    private final LongAdder reads = new LongAdder();

    /** @throws IllegalStateException once closed */
    public <T> T read(Supplier<T> reading) {
        if (inside.incrementAndGet() < 0) {
            inside.decrementAndGet();
            throw new IllegalStateException("the log is closed");
        }
        reads.increment();
        try {
            return reading.get();
        } finally {
            inside.decrementAndGet();
        }
    }

    /** How many have begun. */
    public long reads() {
        return reads.sum();
    }

    /** The same for what gives nothing back. */
    public void read(Runnable reading) {
        read(() -> {
            reading.run();
            return null;
        });
    }

    /** The same for one aggregate, which damage that is met is told with. */
    public <T> T read(String org, AggregateId aggregate, Supplier<T> reading) {
        try {
            return read(reading);
        } catch (CorruptLogException e) {
            throw e.whileReading(org, aggregate);
        }
    }

    public void close() {
        inside.getAndUpdate(count -> count | CLOSED);
        while (inside.get() != CLOSED) {
            LockSupport.parkNanos(WAIT_NANOS);
        }
    }
}

package celeriant.log.memory;

import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.log.Subscription;
import celeriant.model.RecordedEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads the merged log page by page and waits at its end. Pulled by one thread; may be closed by any. */
final class MemorySubscription implements Subscription {
    private final InMemoryEventLog log;
    private final MemoryLock lock;
    private final String org;
    private MergedRead read;
    private boolean closed;

    MemorySubscription(InMemoryEventLog log, MemoryLock lock, String org, MergedRead read) {
        this.log = log;
        this.lock = lock;
        this.org = org;
        this.read = read;
    }

    @Override
    public List<RecordedEvent> next(Duration timeout) throws InterruptedException {
        requireOpen();
        List<RecordedEvent> events = lock.await(this::pull, TimeUnit.NANOSECONDS.convert(timeout));
        return events == null ? List.of() : events;
    }

    private void requireOpen() {
        lock.hold(() -> {
            if (closed) {
                throw new IllegalStateException("the subscription is closed");
            }
            if (lock.isClosed()) {
                throw new IllegalStateException("the log is closed");
            }
            return null;
        });
    }

    /** What there is, an empty list once closed, null if there is nothing yet. Runs under the lock. */
    private List<RecordedEvent> pull() {
        if (closed) {
            return List.of();
        }
        EventPage page = log.readMerged(org, read);
        read = read.from(page.covered());
        return page.events().isEmpty() ? null : page.events();
    }

    @Override
    public long position() {
        return lock.hold(() -> read.after());
    }

    @Override
    public void close() {
        lock.hold(() -> {
            closed = true;
            lock.signal();
            return null;
        });
    }
}

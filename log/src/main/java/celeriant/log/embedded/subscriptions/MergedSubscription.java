package celeriant.log.embedded.subscriptions;

import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.log.Subscription;
import celeriant.model.RecordedEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads the merged log page by page and waits at its end. Pulled by one thread; may be closed by any. */
public final class MergedSubscription implements Subscription {
    private final EventLog log;
    private final Announcer announcer;
    private final String org;
    private final OrgSignal signal;
    private volatile MergedRead read;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    public MergedSubscription(EventLog log, Announcer announcer, String org, MergedRead read) {
        this.log = log;
        this.announcer = announcer;
        this.org = org;
        this.read = read;
        this.signal = announcer.acquire(org);
    }

    @Override
    public List<RecordedEvent> next(Duration timeout) throws InterruptedException {
        requireOpen();
        long left = TimeUnit.NANOSECONDS.convert(timeout);
        while (!isClosed.get() && !signal.isClosed()) {
            long seen = signal.count();
            EventPage page = log.readMerged(org, read);
            read = read.from(Math.max(read.after(), page.covered()));
            if (!page.events().isEmpty()) {
                return page.events();
            }
            if (page.last()) {
                left = signal.await(seen, left);
                if (left <= 0) {
                    return List.of();
                }
            }
        }
        return List.of();
    }

    private void requireOpen() {
        if (isClosed.get()) {
            throw new IllegalStateException("the subscription is closed");
        }
        if (signal.isClosed()) {
            throw new IllegalStateException("the log is closed");
        }
    }

    @Override
    public long position() {
        return read.after();
    }

    @Override
    public void close() {
        // Once, whoever closes it at the same time: the signal is counted by those who use it.
        if (isClosed.compareAndSet(false, true)) {
            signal.raise();
            announcer.release(org);
        }
    }
}

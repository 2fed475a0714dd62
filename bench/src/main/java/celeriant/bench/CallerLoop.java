package celeriant.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A closed loop of callers on a store: each appends again as soon as its last append is durable. */
final class CallerLoop {
    private static final Duration DRAIN_MAX = Duration.ofSeconds(30);

    record Result(double eventsPerSecond, double p50, double p99) {}

    private final AppendStore store;
    private final int events;
    private final boolean keyed;
    private final long begin;
    private final long end;
    private final Latencies[] latencies;
    private final CountDownLatch running;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private CallerLoop(AppendStore store, int callers, int events, boolean keyed, Duration warmup, Duration measured) {
        this.store = store;
        this.events = events;
        this.keyed = keyed;
        this.begin = System.nanoTime() + warmup.toNanos();
        this.end = begin + measured.toNanos();
        this.running = new CountDownLatch(callers);
        this.latencies = new Latencies[callers];
        for (int i = 0; i < callers; i++) {
            latencies[i] = new Latencies();
        }
    }

    static Result run(AppendStore store, int callers, int events, boolean keyed, Duration warmup, Duration measured)
            throws InterruptedException {
        CallerLoop loop = new CallerLoop(store, callers, events, keyed, warmup, measured);
        for (int i = 0; i < callers; i++) {
            loop.next(i);
        }
        if (!loop.running.await(warmup.plus(measured).plus(DRAIN_MAX).toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(store.name() + " did not finish in time");
        }
        if (loop.failure.get() != null) {
            throw new IllegalStateException(store.name() + " refused an append", loop.failure.get());
        }
        Latencies all = Latencies.of(loop.latencies);
        return new Result(
                (double) all.count() * events / (measured.toNanos() / 1e9), all.millisAt(50), all.millisAt(99));
    }

    private void next(int caller) {
        long started = System.nanoTime();
        store.append(caller, events, keyed).whenComplete((done, thrown) -> {
            long now = System.nanoTime();
            if (thrown != null) {
                failure.compareAndSet(null, thrown);
            }
            if (started >= begin && now <= end) {
                latencies[caller].add(now - started);
            }
            if (now < end && failure.get() == null) {
                next(caller);
            } else {
                running.countDown();
            }
        });
    }
}

package celeriant.bench;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.EventLog;
import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Callers of a log in this process: each has one append on its way and sends the next when it is answered. One thread
 * plays them all, as an event loop does, so that what is measured is the log and not the waking of threads.
 */
final class LogCallers {
    static final String ORG = "acme";

    private static final int DATA_BYTES = 200;
    private static final int KEYS = 1_000;
    private static final int EVENTS_PER_FILL = 100;
    private static final int FILL_APPENDS = 1_000;
    private static final SplittableRandom RANDOM = new SplittableRandom(1);
    private static final AtomicInteger FLEETS = new AtomicInteger();
    /** Clients of another run have other names, for theirs have sequences in the log. */
    private static final String RUN = Long.toString(System.nanoTime(), Character.MAX_RADIX);

    /**
     * How many callers, events per append, and whether events have keys.
     *
     * @param aggregates each append goes to any of so many; 0: each caller has one of its own
     */
    record Load(int callers, int events, boolean keyed, int aggregates) {
        Load(int callers, int events, boolean keyed) {
            this(callers, events, keyed, 0);
        }
    }

    record Result(double eventsPerSecond, Latencies latencies) {}

    private static final class OneCaller {
        private final ClientId client;
        private final AggregateId aggregate;
        private long sequence;
        private UUID lastId;
        private long sentAt;

        OneCaller(String name) {
            client = new ClientId(name);
            aggregate = new AggregateId("board", name);
        }
    }

    private final EventLog log;
    private final Load load;
    private final List<OneCaller> callers = new ArrayList<>();
    private final LinkedBlockingQueue<OneCaller> answered = new LinkedBlockingQueue<>();

    LogCallers(EventLog log, Load load) {
        this.log = log;
        this.load = load;
        int fleet = FLEETS.incrementAndGet();
        for (int i = 0; i < load.callers(); i++) {
            callers.add(new OneCaller("caller-" + RUN + "-" + fleet + "-" + i));
        }
    }

    /** Runs for a while, then waits for the answers that are still on their way. */
    Result run(Duration duration) throws InterruptedException {
        Latencies latencies = new Latencies();
        callers.forEach(this::send);
        int onTheirWay = callers.size();
        long begin = System.nanoTime();
        long end = begin;
        List<OneCaller> batch = new ArrayList<>();
        while (onTheirWay > 0) {
            batch.add(answered.take());
            answered.drainTo(batch);
            end = System.nanoTime();
            boolean more = end - begin < duration.toNanos();
            for (OneCaller caller : batch) {
                latencies.add(end - caller.sentAt);
                if (more) {
                    send(caller);
                } else {
                    onTheirWay--;
                }
            }
            batch.clear();
        }
        double events = (double) latencies.count() * load.events();
        return new Result(events / ((end - begin) / 1e9), latencies);
    }

    private void send(OneCaller caller) {
        List<Event> events = new ArrayList<>(load.events());
        AggregateId aggregate = load.aggregates() == 0 ? caller.aggregate : oneOf(RANDOM.nextInt(load.aggregates()));
        for (int i = 0; i < load.events(); i++) {
            events.add(event(aggregate, load.keyed() ? "k" + RANDOM.nextInt(KEYS) : null));
        }
        After after = caller.sequence == 0 ? null : new After(caller.sequence, caller.lastId);
        caller.lastId = new UUID(RANDOM.nextLong(), RANDOM.nextLong());
        caller.sequence++;
        Append append = Append.sequenced(caller.lastId, caller.sequence, events);
        caller.sentAt = System.nanoTime();
        log.append(new AppendRequest(ORG, caller.client, after, List.of(append), Caller.EMBEDDER))
                .whenComplete((outcome, failure) -> {
                    requireSettled(outcome, failure);
                    answered.add(caller);
                });
    }

    private static Event event(AggregateId aggregate, String key) {
        byte[] data = new byte[DATA_BYTES];
        RANDOM.nextBytes(data);
        return new Event(null, aggregate, "painted", null, key, EventData.binary(data), null, null);
    }

    private static void requireSettled(AppendOutcome outcome, Throwable failure) {
        if (!(outcome instanceof AppendOutcome.Settled)) {
            System.err.println("not settled: " + outcome + " " + failure);
            Runtime.getRuntime().halt(1);
        }
    }

    /** Makes an aggregate of single appends, each with one to another aggregate beside it. */
    static AggregateId fillAmongOthers(EventLog log, int events) throws InterruptedException {
        AggregateId large = new AggregateId("board", "large-" + RANDOM.nextInt(1 << 20));
        List<List<Event>> appends = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            appends.add(List.of(event(large, null)));
            appends.add(List.of(event(new AggregateId("board", "other-" + i), null)));
        }
        fill(log, appends);
        return large;
    }

    /** An aggregate of {@link #fillAggregates}. */
    static AggregateId oneOf(int number) {
        return new AggregateId("sheet", "s-" + number);
    }

    /** Makes so many aggregates of one event each. */
    static void fillAggregates(EventLog log, int aggregates) throws InterruptedException {
        for (int done = 0; done < aggregates; done += FILL_APPENDS * EVENTS_PER_FILL) {
            List<List<Event>> appends = new ArrayList<>();
            for (int from = done; from < aggregates && appends.size() < FILL_APPENDS; from += EVENTS_PER_FILL) {
                List<Event> append = new ArrayList<>();
                for (int i = from; i < Math.min(aggregates, from + EVENTS_PER_FILL); i++) {
                    append.add(event(oneOf(i), null));
                }
                appends.add(append);
            }
            fill(log, appends);
        }
    }

    /** Makes an aggregate whose events set so many keys again and again. */
    static AggregateId fillKeyed(EventLog log, int events, int keys) throws InterruptedException {
        AggregateId keyed = new AggregateId("board", "keyed-" + RANDOM.nextInt(1 << 20));
        for (int done = 0; done < events; done += keys * EVENTS_PER_FILL) {
            List<List<Event>> appends = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                List<Event> append = new ArrayList<>();
                for (int j = 0; j < EVENTS_PER_FILL; j++) {
                    append.add(event(keyed, "k" + RANDOM.nextInt(keys)));
                }
                appends.add(append);
            }
            fill(log, appends);
        }
        return keyed;
    }

    private static void fill(EventLog log, List<List<Event>> appends) throws InterruptedException {
        ClientId client = new ClientId("filler");
        int window = FILL_APPENDS;
        for (int from = 0; from < appends.size(); from += window) {
            List<List<Event>> some = appends.subList(from, Math.min(appends.size(), from + window));
            CountDownLatch left = new CountDownLatch(some.size());
            for (List<Event> events : some) {
                UUID id = new UUID(RANDOM.nextLong(), RANDOM.nextLong());
                Append append = Append.online(id, events, Map.of());
                log.append(new AppendRequest(ORG, client, null, List.of(append), Caller.EMBEDDER))
                        .whenComplete((outcome, failure) -> {
                            requireSettled(outcome, failure);
                            left.countDown();
                        });
            }
            left.await();
        }
    }
}

package celeriant.gateway.net;

import celeriant.gateway.http.Loop;
import celeriant.gateway.http.RequestReceiver;
import celeriant.gateway.http.Slices;
import celeriant.gateway.http.TrafficLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** The connections of one event loop, what they share, and the timer that looks after them. Confined to the loop. */
final class LoopConnections {
    static final int IDLE_SECONDS = 90;
    static final int LINGER_SECONDS = 2;

    private static final long TICK_MILLIS = 1_000;
    private static final int RECEIVED_BYTES = 64 * 1024;

    private final Loop loop;
    private final RequestReceiver receiver;
    private final TrafficLimits traffic;
    private final ConnectionCount counted;
    private final long unsentBytesMax;
    private final HeadParser parser = new HeadParser();
    private final AnswerBytes answers = new AnswerBytes();
    private final byte[] received = new byte[RECEIVED_BYTES];
    private final Set<OpenConnection> open = new LinkedHashSet<>();
    private final Runnable flush = this::flush;
    private List<OpenConnection> dirty = new ArrayList<>();
    private List<OpenConnection> flushed = new ArrayList<>();
    private CountDownLatch closed;
    private boolean toldClosed;
    private volatile int count;

    /** @param unsentBytesMax this loop's part of what may wait for readers */
    LoopConnections(
            Loop loop, RequestReceiver receiver, TrafficLimits traffic, ConnectionCount counted, long unsentBytesMax) {
        this.loop = loop;
        this.receiver = receiver;
        this.traffic = traffic;
        this.counted = counted;
        this.unsentBytesMax = unsentBytesMax;
        loop.every(TICK_MILLIS, this::tick);
    }

    Loop loop() {
        return loop;
    }

    RequestReceiver receiver() {
        return receiver;
    }

    TrafficLimits traffic() {
        return traffic;
    }

    HeadParser parser() {
        return parser;
    }

    AnswerBytes answers() {
        return answers;
    }

    /** Where what comes in is looked at, before the next comes in. */
    byte[] received() {
        return received;
    }

    /** Takes it in; null: it may stay, else why there are too many. */
    String add(OpenConnection connection) {
        String tooMany = counted.enter(connection.from());
        open.add(connection);
        count = open.size();
        if (closed != null) {
            connection.closeWhenIdle();
        }
        return tooMany;
    }

    void remove(OpenConnection connection) {
        if (open.remove(connection)) {
            counted.leave(connection.from());
        }
        count = open.size();
        tellIfClosed();
    }

    /** How many are open. Any thread. */
    int count() {
        return count;
    }

    /** One flush for all that is written in this round of the loop, whatever wrote it. */
    void flushSoon(OpenConnection connection) {
        dirty.add(connection);
        if (dirty.size() == 1) {
            loop.soon(flush);
        }
    }

    private void flush() {
        List<OpenConnection> now = dirty;
        dirty = flushed;
        flushed = now;
        for (int i = 0; i < now.size(); i++) {
            now.get(i).flush();
        }
        now.clear();
    }

    private void tick() {
        Slices.of(loop, new ArrayList<>(open), OpenConnection::tick);
        shed();
    }

    /**
     * Closes readers that take nothing, those first that have not for longest, until what waits is within its limit.
     */
    private void shed() {
        long unsent = 0;
        for (OpenConnection connection : open) {
            unsent += connection.waitingBytes();
        }
        if (unsent <= unsentBytesMax) {
            return;
        }
        List<OpenConnection> stalled = new ArrayList<>(open);
        stalled.removeIf(connection -> connection.stalledSeconds() == 0);
        stalled.sort(Comparator.comparingInt(OpenConnection::stalledSeconds).reversed());
        for (OpenConnection connection : stalled) {
            if (unsent <= unsentBytesMax) {
                return;
            }
            unsent -= connection.waitingBytes();
            connection.close();
        }
    }

    /** Closes all of them after what is in flight, and counts {@code whenClosed} down then. */
    void closeWhenIdle(CountDownLatch whenClosed) {
        closed = whenClosed;
        new ArrayList<>(open).forEach(OpenConnection::closeWhenIdle);
        tellIfClosed();
    }

    private void tellIfClosed() {
        if (closed != null && open.isEmpty() && !toldClosed) {
            toldClosed = true;
            closed.countDown();
        }
    }
}

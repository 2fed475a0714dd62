package celeriant.gateway.stream;

import celeriant.gateway.http.Loop;
import celeriant.gateway.http.Slices;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/** Everything that stays open on one event loop, and the one timer that looks after all of it. Confined to the loop. */
public final class LoopStreams {
    private static final long TICK_MILLIS = 1_000;

    private final Set<Open> open = new LinkedHashSet<>();
    private final Loop loop;
    private final InstantSource clock;
    private final long stalledMillis;
    private boolean closing;
    private volatile int count;

    /** A stream or a waiting poll. */
    interface Open {
        /** Once a second. */
        void tick(long nowMillis);

        /** The gateway stops: say so and end. */
        void end();
    }

    /** {@code stalledMillis}: a reader that takes nothing for so long while bytes wait for it is closed. */
    public LoopStreams(Loop loop, InstantSource clock, long stalledMillis) {
        this.loop = loop;
        this.clock = clock;
        this.stalledMillis = stalledMillis;
        loop.every(TICK_MILLIS, this::tick);
    }

    long now() {
        return clock.millis();
    }

    /** Whether one that took something last at {@code sinceMillis} is not waited for any longer. */
    boolean isStalled(long sinceMillis, long nowMillis) {
        return nowMillis - sinceMillis >= stalledMillis;
    }

    void add(Open stream) {
        open.add(stream);
        if (closing) {
            stream.end();
        }
    }

    void remove(Open stream) {
        open.remove(stream);
    }

    /** How many are open, as of the last tick. Any thread. */
    public int count() {
        return count;
    }

    private void tick() {
        long now = clock.millis();
        count = open.size();
        Slices.of(loop, new ArrayList<>(open), stream -> stream.tick(now));
    }

    /** Ends all of them, and those that come later. */
    public void close() {
        closing = true;
        new ArrayList<>(open).forEach(Open::end);
    }
}

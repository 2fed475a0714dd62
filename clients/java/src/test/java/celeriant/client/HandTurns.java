package celeriant.client;

import celeriant.client.gateway.World;
import celeriant.wire.DeviceKey;
import celeriant.wire.SignatureProvider;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A client's threads as turns in the test's own, with a clock that the test moves on. */
final class HandTurns implements Threads {
    private static final DeviceKey KEY = DeviceKey.generate(new SecureRandom());

    private final Queue<Runnable> posted = new ArrayDeque<>();
    private SyncLoop loop;
    private long now = 1_767_225_600_000L;
    private long ids;

    /** A key of its own costs more than the rest of a test. */
    static DeviceKey key() {
        return KEY;
    }

    long now() {
        return now;
    }

    /** As somebody sets the device's clock. */
    void clockIsPutTo(long millis) {
        now = millis;
    }

    /** Does all that there is to do now. */
    void run() {
        do {
            for (Runnable work = posted.poll(); work != null; work = posted.poll()) {
                work.run();
            }
            loop.step();
        } while (!posted.isEmpty());
    }

    /** Does what is due until then, at most so many times; returns how many times there was something. */
    int runUntil(long end, int stepsMax) {
        for (int steps = 0; steps < stepsMax; steps++) {
            for (Runnable work = posted.poll(); work != null; work = posted.poll()) {
                work.run();
                steps++;
                if (steps == stepsMax) {
                    return steps;
                }
            }
            loop.step();
            if (posted.isEmpty()) {
                if (loop.dueMillis() > end) {
                    now = end;
                    return steps;
                }
                now = Math.max(now, loop.dueMillis());
            }
        }
        return stepsMax;
    }

    World world() {
        SignatureProvider none = World.system().signatures();
        return new World() {
            @Override
            public long nowMillis() {
                return now;
            }

            @Override
            public UUID newId() {
                return new UUID(0x4000, Long.MIN_VALUE | ++ids);
            }

            @Override
            public double random() {
                return 0.5;
            }

            @Override
            public SignatureProvider signatures() {
                return none;
            }
        };
    }

    @Override
    public void start(SyncLoop driven) {
        loop = driven;
    }

    @Override
    public void execute(Runnable work) {
        posted.add(work);
    }

    @Override
    public void wake() {}

    @Override
    public <T> T call(Supplier<T> work) {
        return work.get();
    }

    @Override
    public Executor teller() {
        return Runnable::run;
    }

    @Override
    public void end() {
        run();
    }
}

package celeriant.client;

import celeriant.client.buffer.LocalBuffer;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.World;
import celeriant.wire.DeviceKey;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A real client whose threads are turns that the simulation gives it. */
public final class SteppedClient {
    private final Turns turns;
    private final Celeriant client;

    /** @param wanted called when the client wants a turn */
    public SteppedClient(
            URI gateway,
            String org,
            LocalBuffer buffer,
            Http http,
            World world,
            Supplier<DeviceKey> keys,
            Runnable wanted) {
        turns = new Turns(wanted);
        client = Celeriant.to(gateway, org)
                .buffer(buffer)
                .http(http)
                .world(world)
                .driven(turns, keys)
                .start();
    }

    public Celeriant client() {
        return client;
    }

    /** Does all that was asked for, and steps. */
    public void turn() {
        turns.run();
    }

    /** When it wants a turn if nothing happens before; {@link Long#MAX_VALUE} = never. */
    public long dueMillis() {
        return turns.loop.dueMillis();
    }

    private static final class Turns implements Threads {
        private final Queue<Runnable> posted = new ArrayDeque<>();
        private final Queue<Runnable> told = new ArrayDeque<>();
        private final Runnable wanted;
        private SyncLoop loop;

        Turns(Runnable wanted) {
            this.wanted = wanted;
        }

        void run() {
            for (Runnable work = posted.poll(); work != null; work = posted.poll()) {
                guarded(work);
            }
            guarded(loop::step);
            for (Runnable work = told.poll(); work != null; work = told.poll()) {
                work.run();
            }
        }

        /** As the real thread does: what goes wrong ends the session. */
        private void guarded(Runnable work) {
            try {
                work.run();
            } catch (celeriant.client.buffer.BufferException e) {
                loop.failed(e);
            }
        }

        @Override
        public void start(SyncLoop driven) {
            loop = driven;
        }

        @Override
        public void execute(Runnable work) {
            posted.add(work);
            wanted.run();
        }

        @Override
        public void wake() {
            wanted.run();
        }

        @Override
        public <T> T call(Supplier<T> work) {
            return work.get();
        }

        @Override
        public Executor teller() {
            return work -> {
                told.add(work);
                wanted.run();
            };
        }

        @Override
        public void end() {
            run();
        }
    }
}

package celeriant.simulation;

import celeriant.client.AggregateView;
import celeriant.client.AppendHandle;
import celeriant.client.Celeriant;
import celeriant.client.Projected;
import celeriant.client.SteppedClient;
import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.Cursor;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.RejectedAppend;
import celeriant.client.gateway.World;
import celeriant.gateway.PortlessGateway;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.wire.SignatureProvider;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One device: its disk, and the real client that runs on it, or does not at the moment. */
final class Device {
    private final celeriant.simulation.World world;
    private final String name;
    private final Set<AggregateId> keptOut = new HashSet<>();
    private final Map<AggregateId, AggregateView> views = new LinkedHashMap<>();
    private final Map<AggregateId, Projected<List<Long>>> projections = new LinkedHashMap<>();
    private final List<AppendHandle> handles = new ArrayList<>();
    private Profile profile;
    private SimulatedBuffer buffer;
    private SteppedClient stepped;
    private Line line;
    private long skewMillis;
    private long orders;
    private int lookedAt;
    private final List<Entry> own = new ArrayList<>();
    private long turnAtMillis = Long.MAX_VALUE;
    private boolean cutOff;
    private boolean lockedOut;

    Device(celeriant.simulation.World world, String name, Profile profile) {
        this.world = world;
        this.name = name;
        this.profile = profile;
        this.skewMillis = world.chance().between(-3_600_000, 3_600_000);
    }

    Chance chance() {
        return world.chance();
    }

    boolean runs() {
        return stepped != null;
    }

    Celeriant client() {
        return stepped.client();
    }

    SimulatedBuffer buffer() {
        return buffer;
    }

    Profile profile() {
        return profile;
    }

    Map<AggregateId, AggregateView> views() {
        return views;
    }

    Map<AggregateId, Projected<List<Long>>> projections() {
        return projections;
    }

    /** What its application appended. */
    List<Entry> own() {
        return own;
    }

    List<AppendHandle> handles() {
        return handles;
    }

    boolean isCutOff() {
        return cutOff;
    }

    void cutOff(boolean isOff) {
        cutOff = isOff;
    }

    boolean isLockedOut() {
        return lockedOut;
    }

    void lockOut(boolean isOut) {
        lockedOut = isOut;
    }

    /** Rights on it were taken from this device at some time. */
    void keepOut(AggregateId aggregate) {
        keptOut.add(aggregate);
    }

    boolean wasKeptOut(AggregateId aggregate) {
        return keptOut.contains(aggregate);
    }

    Set<AggregateId> keptOut() {
        return keptOut;
    }

    boolean hasKept(UUID append) {
        return buffer != null
                && buffer.stored.loadKept(0).stream().anyMatch(kept -> kept.id().equals(append));
    }

    /** Whom the gateway takes it for; null if it never ran. */
    ClientId clientId() {
        if (runs()) {
            return new ClientId(client().clientId());
        }
        return profile.place() == 0 ? null : new ClientId(profile.contents().clientId());
    }

    void start() {
        if (runs()) {
            return;
        }
        guarded(() -> {
            buffer = world.buffer(profile, this);
            line = world.line(this);
            stepped = new SteppedClient(
                    URI.create(PortlessGateway.URL),
                    Laws.ORG,
                    buffer,
                    line,
                    new Time(),
                    world.keys()::next,
                    this::wanted);
            wanted();
        });
    }

    /** It stops at once; what was not synced may be gone. */
    void crash() {
        world.trace(this, "crashes");
        if (line != null) {
            line.die();
        }
        forget();
        profile.crash(chance());
        orders += 1;
    }

    /** It stops in order. */
    void stop() {
        guarded(() -> {
            stepped.client().close();
            line.die();
            forget();
        });
    }

    private void forget() {
        stepped = null;
        line = null;
        buffer = null;
        views.clear();
        projections.clear();
        handles.clear();
        turnAtMillis = Long.MAX_VALUE;
        lookedAt = 0;
    }

    /**
     * Whether it has read beyond a position, and the last hash that it knows is not beyond it: what it will say to a
     * log that was put back there does not show that it knew another.
     */
    boolean isUnsureBehind(long position) {
        if (profile.place() == 0) {
            return false;
        }
        LocalBuffer read = runs() ? buffer.stored : profile.read();
        profile.sync();
        Cursor cursor = read.contents().cursor();
        long checked = cursor == null || cursor.checkHash() == null ? 0 : cursor.checkPosition();
        return cursor != null && cursor.position() > position && checked <= position;
    }

    /** Its disk as it was at an earlier place: what was appended since is gone with it. */
    void putBack(int place) {
        crash();
        profile.cutTo(Math.min(place, profile.place()));
        world.forgive(this);
    }

    /** Another device with a copy of this one's disk. */
    Device copy(String copyName) {
        Device copy = new Device(world, copyName, profile.copy());
        copy.keptOut.addAll(keptOut);
        return copy;
    }

    /** Runs something that the application does; the device may stop under it. */
    void guarded(Runnable work) {
        try {
            work.run();
        } catch (SimulatedCrash e) {
            crash();
        }
    }

    void append(List<Event> events) {
        guarded(() -> took(client().append(events), events));
    }

    void retry(RejectedAppend rejected) {
        guarded(() -> {
            world.laws().entries().get(rejected.id()).takenBack = true;
            took(client().retryRejected(rejected.id()), rejected.events());
        });
    }

    void discard(RejectedAppend rejected) {
        guarded(() -> {
            world.laws().entries().get(rejected.id()).takenBack = true;
            try {
                client().discardRejected(rejected.id());
            } catch (BufferException e) {
                Violation.unless(buffer.isFull, "a disk that has room takes what it is given:", e);
            }
        });
    }

    private void took(AppendHandle handle, List<Event> events) {
        Entry entry = new Entry(handle.id(), this, ++orders, events);
        world.laws().entries().put(entry.id, entry);
        own.add(entry);
        handles.add(handle);
        handle.local().whenComplete((place, failure) -> entry.acknowledged |= failure == null);
    }

    void open(AggregateId aggregate) {
        guarded(() -> views.put(aggregate, client().open(aggregate)));
    }

    void close(AggregateId aggregate) {
        guarded(() -> {
            Projected<List<Long>> projected = projections.remove(aggregate);
            if (projected != null) {
                projected.close();
            }
            views.remove(aggregate).close();
        });
    }

    void project(AggregateId aggregate) {
        guarded(() -> projections.put(aggregate, views.get(aggregate).project(new Numbers(this))));
    }

    /** The client wants a turn. */
    private void wanted() {
        turnIn(0);
    }

    private void turnIn(long delayMillis) {
        long at = world.schedule().millis() + delayMillis;
        if (at < turnAtMillis) {
            turnAtMillis = at;
            Line mine = line;
            world.schedule().in(delayMillis, () -> {
                if (mine == line
                        && line != null
                        && turnAtMillis <= world.schedule().millis()) {
                    turnAtMillis = Long.MAX_VALUE;
                    guarded(this::turn);
                }
            });
        }
    }

    private void turn() {
        stepped.turn();
        if (profile.place() != lookedAt) {
            lookedAt = profile.place();
            BufferContents contents = buffer.stored.contents();
            world.laws().kept(this, contents);
            world.laws().shown(this, contents);
        }
        long due = stepped.dueMillis();
        if (due != Long.MAX_VALUE) {
            turnIn(Math.max(1, due - skewMillis - world.schedule().millis()));
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** The device's own clock, which is wrong. */
    private final class Time implements World {
        @Override
        public long nowMillis() {
            return world.schedule().millis() + skewMillis;
        }

        @Override
        public UUID newId() {
            return chance().id();
        }

        @Override
        public double random() {
            return chance().fraction();
        }

        @Override
        public SignatureProvider signatures() {
            return Keys.signatures();
        }
    }
}

package celeriant.client;

import celeriant.client.buffer.BufferException;
import celeriant.client.gateway.NoAnswerException;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.World;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Drives saving, pushing and reading by the sync machine: while its state means a session, both run side by side, and
 * the first failure of either ends it; else it waits or rests. It is polled: {@link #step} does what is due and
 * returns; {@link SyncRunner} owns the thread and sleeps. Confined to that thread.
 */
final class SyncLoop implements Session {
    /** Refusals that mean: this identity is not let in (yet). What it wants to append waits. */
    private static final Set<Integer> NOT_LET_IN = Set.of(401, 403, 404);

    /** How the codes begin by which the token endpoint refuses a device (RFC 6749 section 5.2, RFC 9449 section 5). */
    private static final Pattern NO_TOKEN = Pattern.compile("(invalid|unauthorized|access)_");

    private final Core core;
    private final World world;
    private final Outbox outbox;
    private final OpenAggregates open;
    private final Consumer<Notice> notices;
    private final Runnable changed;
    private Pusher pusher;
    private Follower follower;
    private volatile SyncState state = SyncState.OFFLINE;
    private volatile String reason;
    private volatile long serverPosition;
    private boolean inSession;
    /** When this session was live first. */
    private long liveSinceMillis = Long.MAX_VALUE;

    private long waitSinceMillis;
    private long retryAtMillis;
    private final Backoff backoff;
    /** Why pushing waits though reading goes on, or null. */
    private volatile String held;

    private long heldSinceMillis;
    private long heldUntilMillis;
    /** Of pushes to a log that is full. */
    private final Backoff pushBackoff;

    SyncLoop(Core core, World world, Outbox outbox, OpenAggregates open, Consumer<Notice> notices, Runnable changed) {
        this.core = core;
        this.world = world;
        backoff = new Backoff(world::random);
        pushBackoff = new Backoff(world::random);
        this.outbox = outbox;
        this.open = open;
        this.notices = notices;
        this.changed = changed;
    }

    void use(Pusher newPusher, Follower newFollower) {
        pusher = newPusher;
        follower = newFollower;
    }

    SyncState state() {
        return state;
    }

    /** Why it is not live, or nothing is pushed though it is; or null. */
    String reason() {
        return reason == null && state.activity() == SyncState.Activity.SESSION ? held : reason;
    }

    long serverPosition() {
        return serverPosition;
    }

    /** Whether everything that is open was read up to the head of the log. For any thread. */
    boolean isLive() {
        return state == SyncState.LIVE && follower.isLive();
    }

    /** Does everything that is due. */
    void step() {
        try {
            boolean saved = outbox.save();
            long now = world.nowMillis();
            if (state.activity() == SyncState.Activity.WAIT && isOver(now, waitSinceMillis, retryAtMillis)) {
                tell(SyncEvent.RETRY_DUE);
            }
            boolean wanted = state.activity() == SyncState.Activity.SESSION;
            if (inSession && !wanted) {
                endSession();
            } else if (!inSession && wanted) {
                beginSession();
            }
            if (inSession) {
                boolean waits = held != null && !isOver(now, heldSinceMillis, heldUntilMillis);
                pusher.step(open.names().isEmpty(), waits);
                follower.step();
            }
            if (saved) {
                changed.run();
            }
        } catch (BufferException e) {
            failed(e);
        }
    }

    /** Also when the clock was put back: nobody waits for a day that it had too much. */
    private static boolean isOver(long now, long since, long until) {
        return now >= until || now < since;
    }

    /** When to step again if nothing happens before; {@link Long#MAX_VALUE} = never. */
    long dueMillis() {
        long due = dueOfSession();
        return outbox.isDoubted() ? Math.min(due, world.nowMillis() + ClientLimits.BUFFER_PAUSE_MILLIS) : due;
    }

    private long dueOfSession() {
        return switch (state.activity()) {
            case SESSION -> held == null ? follower.dueMillis() : Math.min(follower.dueMillis(), heldUntilMillis);
            case WAIT -> retryAtMillis;
            case REST -> Long.MAX_VALUE;
        };
    }

    @Override
    public void tell(SyncEvent event) {
        SyncState next = state.on(event);
        if (next == SyncState.LIVE || next == SyncState.OFFLINE) {
            reason = null;
        }
        if (next == SyncState.LIVE) {
            liveSinceMillis = Math.min(liveSinceMillis, world.nowMillis());
        }
        if (next != state) {
            state = next;
            if (inSession && next.activity() != SyncState.Activity.SESSION) {
                endSession();
            }
            changed.run();
        }
    }

    /** Another client has the buffer: it syncs, and this one only shows what it has. */
    private void superseded(BufferException.InUse by) {
        tell(SyncEvent.GO_OFFLINE);
        reason = reasonOf(by);
        changed.run();
    }

    @Override
    public void failed(Throwable failure) {
        if (failure instanceof BufferException.InUse another) {
            superseded(another);
            return;
        }
        if (state.activity() != SyncState.Activity.SESSION) {
            return;
        }
        endSession();
        long askedFor = failure instanceof RefusedException refused ? refused.retryAfterMillis() : 0;
        waitSinceMillis = world.nowMillis();
        // What fails as soon as it is live has not come back: it would be asked several times a second, for ever.
        if (waitSinceMillis - ClientLimits.LIVE_ENOUGH_MILLIS >= liveSinceMillis) {
            backoff.reset();
        }
        retryAtMillis = waitSinceMillis + backoff.nextMillis(askedFor);
        reason = reasonOf(failure);
        tell(eventOf(failure));
        changed.run();
    }

    @Override
    public void pushingWaits(RefusedException why) {
        held = reasonOf(why);
        heldSinceMillis = world.nowMillis();
        heldUntilMillis = heldSinceMillis + pushBackoff.nextMillis(why.retryAfterMillis());
        changed.run();
    }

    @Override
    public void pushingGoesOn() {
        pushBackoff.reset();
        if (held != null) {
            held = null;
            changed.run();
        }
    }

    @Override
    public void notice(Notice notice) {
        notices.accept(notice);
    }

    @Override
    public void identityChanges() {
        open.identityChanges();
        startOver();
    }

    @Override
    public void logDiverged() {
        open.distrust();
        startOver();
    }

    /** What was asked before is not waited for any more. */
    private void startOver() {
        core.nextSession();
        pusher.begin();
        follower.reset();
    }

    @Override
    public void heardOf(long position) {
        serverPosition = Math.max(serverPosition, position);
        changed.run();
    }

    private void beginSession() {
        inSession = true;
        held = null;
        liveSinceMillis = Long.MAX_VALUE;
        core.nextSession();
        outbox.takeInStored();
        pusher.begin();
        follower.reset();
    }

    private void endSession() {
        inSession = false;
        core.nextSession();
        follower.reset();
    }

    /** What a failure of a session means to the machine. */
    static SyncEvent eventOf(Throwable failure) {
        if (!(failure instanceof RefusedException refused)) {
            return SyncEvent.CONNECTION_LOST;
        }
        int status = refused.refusal().status();
        String code = refused.refusal().code();
        if (status == 426 || code.equals("upgrade-required")) {
            return SyncEvent.VERSION_REFUSED;
        }
        return NO_TOKEN.matcher(code).lookingAt() || NOT_LET_IN.contains(status)
                ? SyncEvent.AUTH_REFUSED
                : SyncEvent.CONNECTION_LOST;
    }

    private static String reasonOf(Throwable failure) {
        if (failure == null) {
            return "closing";
        }
        if (failure instanceof RefusedException refused) {
            return refused.refusal().code();
        }
        if (failure instanceof NoAnswerException) {
            return failure.getMessage();
        }
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
}

package celeriant.client;

import celeriant.client.buffer.PendingAppend;
import celeriant.client.buffer.Refusal;
import celeriant.client.gateway.NoAnswerException;
import celeriant.client.gateway.PushAnswer;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import celeriant.model.After;
import celeriant.model.ClientHead;
import celeriant.wire.DeviceKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Pushes what is pending, in order, one request at a time. Each step is bounded: it takes the front of the queue and
 * sends it; the answer puts what it settles into the buffer. An answer that did not come changes nothing; the next step
 * sends the same again. Nothing is ever numbered again but under a new identity. Confined to the client's thread.
 */
final class Pusher {
    /** Refusals of a whole request that lie in what was sent: the same again would be refused again. */
    private static final Set<String> FAULTS_OF_THE_REQUEST =
            Set.of("bad-request", "too-large", "unsupported-media-type", "schema-violation", "blocked");

    /** From here on a status says that a server is in trouble, and nothing of what it was sent. */
    private static final int SERVER_ERROR = 500;

    private final Core core;
    private final Requests requests;
    private final Outbox outbox;
    private final Agreements agreements;
    private final Supplier<DeviceKey> newIdentity;
    private final Session session;
    /** How many appends go in one request; less after a refusal that may be the fault of one of them. */
    private int limit = ClientLimits.PUSH_APPENDS_MAX;

    private boolean inFlight;
    /** Rises with each request: only the latest one's answer counts. */
    private long flights;

    private boolean greeted;
    /** How often a single append was forbidden by somebody else, since one was let through. */
    private int blocked;

    /** @param newIdentity makes one when a fork must be healed; null if this client cannot have another */
    Pusher(
            Core core,
            Requests requests,
            Outbox outbox,
            Agreements agreements,
            Supplier<DeviceKey> newIdentity,
            Session session) {
        this.core = core;
        this.requests = requests;
        this.outbox = outbox;
        this.agreements = agreements;
        this.newIdentity = newIdentity;
        this.session = session;
    }

    /** A session begins. */
    void begin() {
        flights++;
        inFlight = false;
        greeted = false;
    }

    /**
     * Sends what there is to send, unless that waits; where nothing is read the gateway is asked where it stands all
     * the same, once.
     */
    void step(boolean readsNothing, boolean waits) {
        boolean asks = agreements.wantProof() || readsNothing && !greeted;
        boolean pushes = outbox.hasPending() && !waits;
        if (!inFlight && (pushes || asks)) {
            push(pushes ? outbox.batch(limit) : new Batch(null, List.of()), readsNothing);
        }
    }

    private void push(Batch batch, boolean readsNothing) {
        long asked = agreements.asks();
        push(
                batch,
                answer -> answered(batch, answer, asked, readsNothing),
                failure -> refused(batch, failure),
                answer -> settle(batch, answer, asked));
    }

    /** Sends these; what was sent before and is not answered yet is not waited for any more. */
    private void push(
            Batch batch, Consumer<PushAnswer> answered, Consumer<Throwable> refused, Consumer<PushAnswer> late) {
        long flight = ++flights;
        inFlight = true;
        core.await(
                requests.push(batch.appends().isEmpty() ? null : batch.after(), batch.appends()),
                answer -> landed(flight, () -> answered.accept(answer)),
                failure -> landed(flight, () -> refused.accept(failure)),
                answer -> landed(flight, () -> late.accept(answer)));
    }

    /**
     * Reading failed meanwhile, and with it the session: else a broken stream would starve pushing. Where it was that
     * the answer to the push before could not be stored, this one is about what comes behind that, and both are sent
     * once more.
     */
    private void settle(Batch batch, PushAnswer answer, long asked) {
        if (!batch.appends().isEmpty() && Objects.equals(batch.after(), outbox.settled())) {
            outbox.settle(batch, answer.outcomes());
            agreements.answered(asked, true);
        }
    }

    private void landed(long flight, Runnable then) {
        if (flight == flights) {
            inFlight = false;
            then.run();
        }
    }

    private void answered(Batch batch, PushAnswer answer, long asked, boolean readsNothing) {
        greeted = true;
        boolean settles = !batch.appends().isEmpty();
        if (settles) {
            limit = Math.min(ClientLimits.PUSH_APPENDS_MAX, limit * 2);
            blocked = batch.appends().get(0).givenUp() == null ? 0 : blocked;
            session.pushingGoesOn();
            pushBehind(batch, readsNothing);
            outbox.settle(batch, answer.outcomes());
        }
        if (!settles && isBehindSettled(answer.head())) {
            recoverFrom(answer.head());
        } else {
            agreements.answered(asked, settles);
        }
        if (answer.head() != null) {
            session.heardOf(answer.head().position());
        }
        session.tell(SyncEvent.CONNECTED);
        if (readsNothing) {
            session.tell(SyncEvent.CAUGHT_UP);
        }
    }

    /** The gateway works on the next ones while these are stored. Were that to fail, they would be sent once more. */
    private void pushBehind(Batch batch, boolean readsNothing) {
        Batch next = outbox.batchBehind(batch, limit);
        if (!next.appends().isEmpty()) {
            push(next, readsNothing);
        }
    }

    private void refused(Batch batch, Throwable failure) {
        if (batch.appends().isEmpty()) {
            session.failed(failure);
        } else if (failure instanceof RefusedException full
                && full.refusal().code().equals("storage-full")) {
            session.tell(SyncEvent.CONNECTED);
            session.pushingWaits(full);
        } else if (failure instanceof RefusedException refused) {
            refused(batch, refused.refusal(), failure);
        } else {
            // What is too long for a slow network never arrives: fewer at a time do.
            limit = half(batch);
            if (failure instanceof NoAnswerException none && none.status() > 0 && none.status() < SERVER_ERROR) {
                blocked(batch, none);
            } else {
                session.failed(failure);
            }
        }
    }

    private static int half(Batch batch) {
        return (batch.appends().size() + 1) / 2;
    }

    /**
     * What answers a push in the gateway's place, and lets one through in which nothing is, minds what is in it. A
     * captive portal lets neither through. It may think better of it, so that it is asked many times; and where it
     * minds whatever there is, it is asked twice as often for each one more, until one is let through.
     */
    private void blocked(Batch batch, NoAnswerException failure) {
        askHead(head -> {
            boolean isOne = batch.appends().size() == 1;
            if (isOne && (++blocked < ClientLimits.BLOCKED_TIMES || Integer.bitCount(blocked) > 1)) {
                session.failed(failure);
            } else {
                refused(batch, new Refusal("blocked", failure.status(), "", Map.of()), failure);
            }
        });
    }

    private void refused(Batch batch, Refusal refusal, Throwable failure) {
        if (refusal.code().equals("client-forked")) {
            // What was appended before the fork is this client's, and must be known as settled first.
            if (batch.appends().size() > 1) {
                limit = 1;
            } else {
                takeNewIdentity(failure);
                // It goes on after a wait: whoever calls every identity forked must not have new ones made without end.
                session.failed(failure);
            }
        } else if (refusal.code().equals("sequence-gap")) {
            fillGap(failure);
        } else if (!FAULTS_OF_THE_REQUEST.contains(refusal.code())) {
            session.failed(failure);
        } else if (batch.appends().size() > 1) {
            limit = half(batch);
        } else {
            giveUp(batch.appends().get(0), refusal, failure);
        }
    }

    /**
     * The log lost appends of this client's. Where it says that it lost none, the same again would be refused again.
     */
    private void fillGap(Throwable failure) {
        askHead(head -> {
            if (isBehindSettled(head)) {
                recoverFrom(head);
                outbox.showPending();
            } else {
                session.failed(failure);
            }
        });
    }

    private void askHead(Consumer<ClientHead> then) {
        push(new Batch(null, List.of()), answer -> then.accept(answer.head()), session::failed, answer -> {});
    }

    /** The log may have lost appends of this client's: finds out which, and puts them into the queue again. */
    void recoverLost(Runnable then) {
        askHead(head -> {
            if (isBehindSettled(head)) {
                recoverFrom(head);
            } else {
                session.notice(new Notice.LogDiverged(0));
            }
            then.run();
            // Also what was read back from the log that is no more, and never settled.
            outbox.showPending();
        });
    }

    /** Whether the log does not know of what was settled: it lost it. */
    private boolean isBehindSettled(ClientHead head) {
        After settled = outbox.settled();
        return settled != null && (head == null || head.sequence() < settled.sequence());
    }

    private void recoverFrom(ClientHead head) {
        After last = head == null ? null : new After(head.sequence(), head.id());
        // Queued again first: once what was read is forgotten, nothing tells any more that something was lost.
        int resent = outbox.rewind(last);
        session.logDiverged();
        outbox.showPending();
        session.notice(new Notice.LogDiverged(resent));
        // What is older than what is kept cannot be sent again, and nothing can follow a gap under this identity.
        List<PendingAppend> first = outbox.batch(1).appends();
        long next = last == null ? 1 : last.sequence() + 1;
        if (!first.isEmpty() && first.get(0).sequence() != next) {
            takeNewIdentity(new IllegalStateException("the log lost appends that are not kept here any more"));
        }
    }

    private void giveUp(PendingAppend append, Refusal reason, Throwable failure) {
        if (append.givenUp() != null) {
            // Refused even as void: not the fault of what is in it.
            session.failed(failure);
        } else {
            outbox.giveUp(append, reason);
        }
    }

    private void takeNewIdentity(Throwable why) {
        if (newIdentity == null) {
            session.failed(why);
            return;
        }
        // Before it has another identity: no crash may leave what the former one was shown as if it were all.
        session.identityChanges();
        String before = outbox.clientId();
        outbox.restamp(newIdentity.get());
        requests.become(outbox.identity());
        limit = ClientLimits.PUSH_APPENDS_MAX;
        session.notice(new Notice.ForkHealed(before, outbox.clientId(), outbox.pendingCount()));
    }
}

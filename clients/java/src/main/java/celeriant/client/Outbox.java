package celeriant.client;

import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.Confirmation;
import celeriant.client.buffer.Draft;
import celeriant.client.buffer.KeptAppend;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.PendingAppend;
import celeriant.client.buffer.Refusal;
import celeriant.client.buffer.RejectedAppend;
import celeriant.client.buffer.Settlement;
import celeriant.client.gateway.PushAnswer;
import celeriant.client.gateway.World;
import celeriant.model.After;
import celeriant.model.Event;
import celeriant.wire.DeviceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * What this client has appended and the log has not settled yet: the queue that is pushed, the handles of those who
 * wait, and the rejected list. Whatever it says is in the buffer was written there first. {@link #append} may be called
 * from any thread and shows the append at once; everything else happens on the client's thread. Guarded by the memory
 * lock.
 */
final class Outbox {
    private final Object memory;
    private final LocalBuffer buffer;
    private final Overlay overlay;
    private final Overlay.ReadUpTo readUpTo;
    private final World world;
    private final Executor teller;
    private volatile DeviceKey identity;
    private volatile String clientId;
    private After settled;
    private final TreeMap<Long, PendingAppend> pending = new TreeMap<>();
    private final Map<UUID, RejectedAppend> rejected = new LinkedHashMap<>();
    private final Map<UUID, AppendHandle> handles = new HashMap<>();
    private BufferException saveFailure;
    private final Unsaved unsaved;
    /** The last position that an append of this client's landed at, as far as no hash covered it at the start. */
    private long landed;

    private boolean ended;

    Outbox(
            Object memory,
            LocalBuffer buffer,
            BufferContents contents,
            Overlay overlay,
            Overlay.ReadUpTo readUpTo,
            World world,
            Executor teller) {
        this.memory = memory;
        this.buffer = buffer;
        this.overlay = overlay;
        this.readUpTo = readUpTo;
        this.world = world;
        this.teller = teller;
        unsaved = new Unsaved(memory, buffer);
        contents.rejected().forEach(append -> rejected.put(append.id(), append));
        long checked = contents.cursor() == null ? 0 : contents.cursor().checkPosition();
        buffer.loadKept(checked).forEach(this::noteLanded);
        take(contents);
    }

    DeviceKey identity() {
        return identity;
    }

    String clientId() {
        return clientId;
    }

    /** The last settled append under this identity, or null. */
    After settled() {
        return settled;
    }

    /** Appends that are not settled, those not yet stored included. */
    int pendingCount() {
        synchronized (memory) {
            return pending.size() + unsaved.all().size();
        }
    }

    /** The last position that an append of this client's landed at; 0: none that matters. */
    long landed() {
        return landed;
    }

    private void noteLanded(KeptAppend append) {
        if (append.confirmation() != null) {
            landed = Math.max(landed, append.confirmation().lastPosition());
        }
    }

    /** Whether anything is there to be pushed: nothing while it is not known whether the store has it already. */
    boolean hasPending() {
        return !pending.isEmpty() && !isDoubted();
    }

    /** 0 if nothing is pending. */
    long oldestPendingAtMillis() {
        synchronized (memory) {
            if (!pending.isEmpty()) {
                return pending.firstEntry().getValue().createdAtMillis();
            }
            return unsaved.all().isEmpty() ? 0 : unsaved.all().get(0).draft().createdAtMillis();
        }
    }

    /** Oldest first. */
    List<RejectedAppend> rejected() {
        synchronized (memory) {
            return List.copyOf(rejected.values());
        }
    }

    /** Shows the append at once; the events were checked. {@code retries} is a rejected append's id, or null. */
    AppendHandle append(List<Event> events, UUID retries) {
        UUID id = world.newId();
        AppendHandle handle = new AppendHandle(id);
        Draft draft = new Draft(id, events, world.nowMillis(), retries);
        synchronized (memory) {
            if (ended) {
                throw new IllegalStateException("the client is closed");
            }
            if (retries != null) {
                requireRejected(retries);
            }
            handles.put(id, handle);
            unsaved.add(draft, handle);
            overlay.add(id, events);
        }
        return handle;
    }

    /** @throws IllegalArgumentException if there is no such rejected append */
    AppendHandle retryRejected(UUID id) {
        return retryRejected(id, requireRejected(id).events());
    }

    /** @throws IllegalArgumentException if there is no such rejected append */
    AppendHandle retryRejected(UUID id, List<Event> events) {
        return append(events, id);
    }

    private RejectedAppend requireRejected(UUID id) {
        synchronized (memory) {
            RejectedAppend append = rejected.get(id);
            if (append == null || unsaved.isRetried(id)) {
                throw notRejected(id);
            }
            return append;
        }
    }

    /** @throws IllegalArgumentException if there is no such rejected append */
    void discardRejected(UUID id) {
        boolean isDiscarded = buffer.discardRejected(id);
        synchronized (memory) {
            rejected.remove(id);
        }
        if (!isDiscarded) {
            throw notRejected(id);
        }
    }

    /** Also of what somebody else retried, or discarded, sooner. */
    private static IllegalArgumentException notRejected(UUID id) {
        return new IllegalArgumentException("no rejected append has the id " + id);
    }

    /** Stores what was appended since, in one transaction. Returns whether there was anything. */
    boolean save() {
        boolean wasDoubted = isDoubted();
        boolean saved = saveNext();
        if (saveFailure instanceof BufferException.InUse another) {
            saveFailure = null;
            throw another;
        }
        if (saved && (wasDoubted || lastInRow() != lastSequence())) {
            takeInStored();
        }
        return saved;
    }

    private boolean saveNext() {
        Unsaved.Outcome outcome = unsaved.store();
        if (outcome == null) {
            return false;
        }
        saveFailure = outcome.failure();
        synchronized (memory) {
            unsaved.takeOff(outcome.saving());
            Map<UUID, PendingAppend> there = new HashMap<>();
            outcome.stored().forEach(append -> there.put(append.id(), append));
            for (Unsaved.One one : outcome.saving()) {
                UUID retries = one.draft().retries();
                PendingAppend append = there.get(one.draft().id());
                if (saveFailure == null) {
                    rejected.remove(retries);
                }
                if (append != null) {
                    stored(one, append);
                } else {
                    unstored(one, saveFailure == null ? notRejected(retries) : saveFailure);
                }
            }
        }
        return true;
    }

    /** Whether the store must be asked again what it kept when it broke. */
    boolean isDoubted() {
        return unsaved.isDoubted();
    }

    private long lastSequence() {
        return pending.isEmpty() ? settled == null ? 0 : settled.sequence() : pending.lastKey();
    }

    /** The last of those that follow one another here: a service's transaction may have stored one between two. */
    private long lastInRow() {
        long last = settled == null ? 0 : settled.sequence();
        if (!pending.isEmpty() && pending.lastKey() - last == pending.size()) {
            return pending.lastKey();
        }
        while (pending.containsKey(last + 1)) {
            last++;
        }
        return last;
    }

    /** Nothing more is taken; what was taken is stored, and whoever waits for the log is told that it was closed. */
    void end() {
        synchronized (memory) {
            ended = true;
        }
        while (saveNext()) {
            // As much at a time as goes into one transaction.
        }
        synchronized (memory) {
            handles.values().forEach(handle -> handle.closed(teller));
            handles.clear();
        }
    }

    /**
     * Takes in what others put into the same store: a service's own transactions. What is doubted is asked for first:
     * taken for another's, it would be stored once more.
     */
    void takeInStored() {
        if (isDoubted()) {
            return;
        }
        long last = lastInRow();
        boolean fillsGap = last != lastSequence();
        List<PendingAppend> more = buffer.loadPending(last);
        synchronized (memory) {
            for (PendingAppend append : more) {
                pending.put(append.sequence(), append);
                overlay.add(append.id(), append.events());
            }
        }
        if (fillsGap) {
            showPending();
        }
    }

    /** The front of the queue; empty when nothing waits. */
    Batch batch(int limit) {
        return Batch.of(settled, pending.values(), limit);
    }

    /** What comes behind a batch that is settled, as far as the log is concerned. */
    Batch batchBehind(Batch before, int limit) {
        After last = before.last();
        return Batch.of(last, pending.tailMap(last.sequence(), false).values(), limit);
    }

    /** Takes the answer to a push: what is settled leaves the queue, in the buffer first. */
    void settle(Batch batch, List<PushAnswer.Outcome> outcomes) {
        long now = world.nowMillis();
        List<KeptAppend> kept = new ArrayList<>();
        List<RejectedAppend> refused = new ArrayList<>();
        for (int i = 0; i < batch.appends().size(); i++) {
            PendingAppend append = batch.appends().get(i);
            PushAnswer.Outcome outcome = outcomes.get(i);
            Confirmation confirmation = outcome.confirmation();
            List<Event> events = confirmation == null ? List.of() : append.events();
            kept.add(new KeptAppend(append.sequence(), append.id(), clientId, events, confirmation, now));
            // One whose rejection the log lost was told before, and is listed as it was, unless it was taken off the
            // list.
            if (confirmation == null && !append.events().isEmpty()) {
                Refusal reason = append.givenUp() != null ? append.givenUp() : outcome.refusal();
                refused.add(new RejectedAppend(
                        append.sequence(), append.id(), append.events(), reason, append.createdAtMillis(), now));
            }
        }
        After place = batch.last();
        buffer.settle(new Settlement(clientId, place, kept, refused));
        synchronized (memory) {
            settled = place;
            pending.headMap(place.sequence(), true).clear();
            kept.forEach(this::noteLanded);
            kept.forEach(this::showConfirmed);
            refused.forEach(this::showRejected);
        }
    }

    /** The append is sent as void from now on, so that its sequence is settled. */
    void giveUp(PendingAppend append, Refusal reason) {
        buffer.giveUp(append.sequence(), reason);
        synchronized (memory) {
            pending.put(append.sequence(), append.givenUpFor(reason));
        }
    }

    /** The log lost what came behind {@code last}. Returns how many appends are pending again. */
    int rewind(After last) {
        int before = pending.size();
        BufferContents contents = buffer.rewind(last);
        landed = 0;
        buffer.loadKept(0).forEach(this::noteLanded);
        take(contents);
        return pending.size() - before;
    }

    /** Everything unsettled goes under a new identity. */
    void restamp(DeviceKey newIdentity) {
        take(buffer.restamp(newIdentity));
    }

    private void take(BufferContents contents) {
        synchronized (memory) {
            identity = contents.identity();
            clientId = contents.clientId();
            settled = contents.settled();
            pending.clear();
            for (PendingAppend append : contents.pending()) {
                pending.put(append.sequence(), append);
            }
        }
        showPending();
    }

    /** What is pending lies on top, also what was taken off with what the log had confirmed of it. */
    void showPending() {
        synchronized (memory) {
            overlay.addPending(pending.values());
        }
    }

    private void stored(Unsaved.One saved, PendingAppend append) {
        pending.put(append.sequence(), append);
        saved.handle().stored(new After(append.sequence(), append.id()), teller);
    }

    private void unstored(Unsaved.One failed, RuntimeException failure) {
        handles.remove(failed.draft().id());
        overlay.remove(failed.draft().id(), failed.draft().events());
        failed.handle().failed(failure, teller);
    }

    private void showConfirmed(KeptAppend append) {
        if (append.confirmation() == null) {
            return;
        }
        overlay.confirm(append.id(), append.events(), append.confirmation(), readUpTo);
        AppendHandle handle = handles.remove(append.id());
        if (handle != null) {
            handle.landed(append.confirmation(), teller);
        }
    }

    private void showRejected(RejectedAppend append) {
        rejected.put(append.id(), append);
        overlay.remove(append.id(), append.events());
        AppendHandle handle = handles.remove(append.id());
        if (handle != null) {
            handle.failed(new RejectedException(append), teller);
        }
    }
}

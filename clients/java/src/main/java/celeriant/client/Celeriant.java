package celeriant.client;

import celeriant.client.access.Me;
import celeriant.client.access.Redeemed;
import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.Cursor;
import celeriant.client.buffer.Draft;
import celeriant.client.buffer.JdbcBuffer;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.RejectedAppend;
import celeriant.client.gateway.Credentials;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import celeriant.client.gateway.StreamMessage;
import celeriant.client.gateway.World;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.wire.DeviceKey;
import celeriant.wire.JsonBytes;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The handle that an application holds: it appends, opens aggregates, goes online and offline, and says how it is.
 * Everything that it promises is kept by the parts below it; this class only ties them together. Any thread; callbacks
 * and stages come on a thread of the client's own that does nothing else, and must be quick there.
 * {@snippet file="celeriant/client/SnippetsTest.java" region="client"}
 *
 * <p>Stages can be waited for, which suits virtual threads: {@snippet file="celeriant/client/SnippetsTest.java"
 * region="virtual-threads"}
 */
public final class Celeriant implements AutoCloseable {
    private final Object memory = new Object();
    private final World world;
    private final LocalBuffer buffer;
    private final Http http;
    private final Threads threads;
    private final Reading reading;
    private final Overlay overlay = new Overlay();
    private final Outbox outbox;
    private final OpenAggregates aggregates;
    private final Requests requests;
    private final SyncLoop loop;
    private final StatusBoard board;
    private final List<Consumer<Notice>> noticeListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<StreamMessage.Presence>> presenceListeners = new CopyOnWriteArrayList<>();

    Celeriant(ClientBuilder of) {
        world = of.world;
        buffer = of.buffer;
        http = of.http;
        threads = of.threads == null ? new OwnThreads(world::nowMillis) : of.threads;
        Executor teller = threads.teller();
        Supplier<DeviceKey> newKey = of.newKey;
        BufferContents contents = BufferStart.open(buffer, newKey, world.nowMillis());
        Core core = new Core(threads);
        reading = of.reading();
        aggregates = new OpenAggregates(
                memory, buffer, contents, overlay, this::clientId, teller, reading, this::tellSetAside);
        outbox = new Outbox(memory, buffer, contents, overlay, aggregates::readUpTo, world, teller);
        Credentials credentials = of.credentials(outbox.identity());
        requests = new Requests(of.gateway, of.org, http, world, credentials);
        board = new StatusBoard(teller, this::status);
        loop = new SyncLoop(core, world, outbox, aggregates, this::tellNotice, board::changed);
        Supplier<DeviceKey> another = credentials instanceof Credentials.Device ? newKey : null;
        Agreements agreements = new Agreements(aggregates, outbox);
        Pusher pusher = new Pusher(core, requests, outbox, agreements, another, loop);
        Follower follower = new Follower(
                core, requests, aggregates, agreements, world, loop, this::tellPresence, pusher::recoverLost);
        loop.use(pusher, follower);
        threads.start(loop);
    }

    /** Begins to describe a client of one org of the gateway at this URL. */
    public static ClientBuilder to(URI gateway, String org) {
        return new ClientBuilder(gateway, org);
    }

    /** This client's id: the thumbprint of its device key. It changes only when a fork is healed. */
    public String clientId() {
        return outbox.clientId();
    }

    /**
     * Appends events as one atomic append. It is in the views at once, and durable when the handle's {@code local} says
     * so.
     *
     * @throws InvalidAppendException if no log could take it
     */
    public AppendHandle append(List<Event> events) {
        requireOpen();
        AppendHandle handle = outbox.append(reading.seal(CheckedEvents.of(events)), null);
        threads.wake();
        board.changed();
        return handle;
    }

    /** The same for one event or a few. */
    public AppendHandle append(Event... events) {
        return append(List.of(events));
    }

    /**
     * Appends in the transaction of {@code connection}, which the caller commits: it happens with the service's own
     * work or not at all. The client's buffer must be a {@link JdbcBuffer} in the same database. Call
     * {@link #committed} after the commit; what a crash in between left behind is found at the next start or session.
     * {@snippet file="celeriant/client/SnippetsTest.java" region="transaction"}
     *
     * @return the append's id
     */
    public UUID appendIn(Connection connection, List<Event> events) throws SQLException {
        requireOpen();
        if (!(buffer instanceof JdbcBuffer shared)) {
            throw new IllegalStateException("only a JdbcBuffer joins transactions");
        }
        UUID id = world.newId();
        shared.appendIn(
                connection, List.of(new Draft(id, reading.seal(CheckedEvents.of(events)), world.nowMillis(), null)));
        return id;
    }

    /** A transaction that {@link #appendIn} joined was committed: what it appended is pushed now. */
    public void committed() {
        threads.call(() -> {
            outbox.takeInStored();
            return null;
        });
        board.changed();
    }

    /** Appends that go directly to the log, on conditions. */
    public Online online() {
        return new Online(requests, world);
    }

    /** Opens an aggregate: its last known state is there at once, and it is followed from now on. */
    public AggregateView open(AggregateId aggregate) {
        requireOpen();
        return threads.call(() -> view(aggregates.open(aggregate)));
    }

    private AggregateView view(OpenAggregate open) {
        open.referencesAfter(1);
        Runnable onClose = () -> threads.execute(() -> {
            if (open.referencesAfter(-1) == 0) {
                aggregates.close(open.name());
            }
        });
        return new AggregateView(
                open, overlay, memory, buffer, threads.teller(), threads::wake, this::isClosed, onClose);
    }

    /** How it is now. */
    public Status status() {
        long position = aggregates.cursor() == null ? 0 : aggregates.cursor().position();
        return new Status(
                loop.state(),
                loop.reason(),
                outbox.pendingCount(),
                outbox.rejected().size(),
                outbox.oldestPendingAtMillis(),
                position,
                loop.serverPosition());
    }

    /** Calls back when the status changed. */
    public Runnable onStatus(Consumer<Status> listener) {
        return board.listen(listener);
    }

    /** Calls back when something happened that a user may want to know. */
    public Runnable onNotice(Consumer<Notice> listener) {
        noticeListeners.add(listener);
        return () -> noticeListeners.remove(listener);
    }

    /** Calls back when somebody is there, or not any more. */
    public Runnable onPresence(Consumer<StreamMessage.Presence> listener) {
        presenceListeners.add(listener);
        return () -> presenceListeners.remove(listener);
    }

    /** The application wants to be online: what is pending is sent, and what is open is followed. */
    public void goOnline() {
        dispatch(SyncEvent.GO_ONLINE);
    }

    /** The application wants no network; appends wait in the buffer. */
    public void goOffline() {
        dispatch(SyncEvent.GO_OFFLINE);
    }

    /** The device's network is back: a wait that is under way is cut short. */
    public void networkIsBack() {
        dispatch(SyncEvent.NETWORK_BACK);
    }

    /** The application did something about it that this client was not let in: it is tried again. */
    public void authorized() {
        dispatch(SyncEvent.AUTHORIZED);
    }

    /**
     * The application has more keys for its {@link Codec}, or forgot some: everything that is open is shown anew, and
     * data whose key is gone as unreadable.
     */
    public void keysChanged() {
        threads.execute(aggregates::readAgain);
    }

    /** Completes when nothing is pending: every append is confirmed or in the rejected list. */
    public CompletionStage<Void> whenSettled() {
        return board.when(() -> outbox.pendingCount() == 0);
    }

    /** Completes when every open aggregate was read up to the head of the log. */
    public CompletionStage<Void> whenLive() {
        return board.when(loop::isLive);
    }

    /** Waits for {@link #whenSettled}. */
    public void awaitSettled(Duration timeout) throws InterruptedException, TimeoutException {
        await(whenSettled(), timeout);
    }

    /** Waits for {@link #whenLive}. */
    public void awaitLive(Duration timeout) throws InterruptedException, TimeoutException {
        await(whenLive(), timeout);
    }

    /**
     * What the log refused for good, with the reasons, oldest first.
     * {@snippet file="celeriant/client/SnippetsTest.java" region="rejected"}
     */
    public List<RejectedAppend> rejected() {
        return outbox.rejected();
    }

    /** Appends a rejected append anew and takes it off the list, in one transaction, unless somebody was sooner. */
    public AppendHandle retryRejected(UUID id) {
        requireOpen();
        AppendHandle handle = outbox.retryRejected(id);
        threads.wake();
        return handle;
    }

    /** Drops an append from the rejected list; {@link IllegalArgumentException} if it is not there any more. */
    public void discardRejected(UUID id) {
        outbox.discardRejected(id);
        board.changed();
    }

    /** Appends the events that a person made of a rejected append's, in its place. */
    public AppendHandle retryRejected(UUID id, List<Event> edited) {
        requireOpen();
        AppendHandle handle = outbox.retryRejected(id, reading.seal(CheckedEvents.of(edited)));
        threads.wake();
        return handle;
    }

    /** Who the gateway takes this client for, and what it may. */
    public CompletionStage<Me> me() {
        return requests.call("GET", "/me", null, Me::of);
    }

    /** Somebody signed in or out: the next request is made as them ({@link ClientBuilder#person}). */
    public void signedIn() {
        requests.forgetToken();
        threads.execute(() -> {
            loop.identityChanges();
            loop.tell(SyncEvent.AUTHORIZED);
        });
    }

    /** Who may do what with an aggregate. */
    public AggregateAccess access(AggregateId aggregate) {
        return new AggregateAccess(requests, aggregate);
    }

    /** Who belongs to the org. */
    public OrgMembers members() {
        return new OrgMembers(requests);
    }

    /** What the log takes as the data of events. */
    public Schemas schemas() {
        return new Schemas(requests);
    }

    /**
     * Takes up a share or an invitation: this client, or its person, has what it gives from now on. Fails with
     * {@link RefusedException}: {@code gone} when it was used up or has lapsed, {@code not-found} when it is unknown or
     * was withdrawn.
     */
    public CompletionStage<Redeemed> redeem(String secret) {
        return requests.call("POST", "/shares/redeem", Map.of("secret", secret), Redeemed::of)
                .thenApply(redeemed -> {
                    authorized();
                    return redeemed;
                });
    }

    /**
     * Shows something to those who read an aggregate now, for {@code ttlSeconds} (at most 60): call it again before
     * they are over. It is not stored.
     *
     * @param instance which window of this client, a name
     * @param json at most 4 KiB; {@code null}, the JSON value, takes it away
     */
    public CompletionStage<Void> showPresence(AggregateId aggregate, String instance, byte[] json, int ttlSeconds) {
        JsonBytes body = new JsonBytes();
        body.raw('{').name("instance").string(instance);
        body.name("ttl").number(ttlSeconds);
        body.name("data").raw(json).raw('}');
        return requests.put("/" + aggregate + "/presence", "application/json", body.toByteArray());
    }

    /**
     * Publishes the state of an aggregate at a version, so that others read it and only what came behind it. Fails with
     * {@link RefusedException}: {@code version-conflict} when a newer one is there, {@code log-diverged} when the log
     * is not the one any more that it was read from.
     */
    public CompletionStage<Void> publishSnapshot(AggregateId aggregate, long version, EventData state) {
        // As of now: of a log that went back meanwhile it says nothing.
        Cursor agreement = aggregates.cursor();
        EventData sealed = reading.sealSnapshot(aggregate, state);
        String type = sealed.contentType() != null
                ? sealed.contentType()
                : sealed.form() == EventData.Form.JSON ? "application/json" : "application/octet-stream";
        return requests.putSnapshot(aggregate, version, type, sealed.bytes(), agreement);
    }

    /** Ends syncing and closes the buffer. What is pending stays in it. */
    @Override
    public void close() {
        if (isClosed()) {
            return;
        }
        threads.execute(() -> {
            loop.tell(SyncEvent.CLOSE);
            outbox.end();
            aggregates.end();
        });
        threads.end();
        board.close();
        buffer.close();
        http.close();
    }

    private void dispatch(SyncEvent event) {
        threads.execute(() -> loop.tell(event));
    }

    private boolean isClosed() {
        return loop.state() == SyncState.CLOSED;
    }

    private void requireOpen() {
        if (isClosed()) {
            throw new IllegalStateException("the client is closed");
        }
    }

    private void tellSetAside(AggregateId aggregate, long version, String reason) {
        tellNotice(new Notice.SetAside(aggregate, version, reason));
    }

    private void tellNotice(Notice notice) {
        noticeListeners.forEach(listener -> threads.teller().execute(() -> listener.accept(notice)));
    }

    private void tellPresence(StreamMessage.Presence presence) {
        presenceListeners.forEach(listener -> threads.teller().execute(() -> listener.accept(presence)));
    }

    private static void await(CompletionStage<Void> stage, Duration timeout)
            throws InterruptedException, TimeoutException {
        try {
            stage.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}

package celeriant.client;

import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.Draft;
import celeriant.client.buffer.JdbcBuffer;
import celeriant.client.buffer.LocalBuffer;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.buffer.RejectedAppend;
import celeriant.client.gateway.Credentials;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.JdkHttp;
import celeriant.client.gateway.Requests;
import celeriant.client.gateway.StreamMessage;
import celeriant.client.gateway.World;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.Names;
import celeriant.wire.DeviceKey;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The handle that an application holds: it appends, opens aggregates, goes online and offline, and says how it is.
 * Everything that it promises is kept by the parts below it; this class only ties them together. Any thread; callbacks
 * and stages come on a thread of the client's own that does nothing else, and must be quick there.
 */
public final class Celeriant implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Object memory = new Object();
    private final World world;
    private final LocalBuffer buffer;
    private final Http http;
    private final ExecutorService teller;
    private final SyncRunner runner;
    private final Overlay overlay = new Overlay();
    private final Outbox outbox;
    private final OpenAggregates aggregates;
    private final Requests requests;
    private final SyncLoop loop;
    private final StatusBoard board;
    private final List<Consumer<Notice>> noticeListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<StreamMessage.Presence>> presenceListeners = new CopyOnWriteArrayList<>();

    private Celeriant(Builder of) {
        world = of.world;
        buffer = of.buffer;
        http = of.http;
        teller = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "celeriant-tells");
            thread.setDaemon(true);
            return thread;
        });
        Supplier<DeviceKey> newKey = () -> DeviceKey.generate(new SecureRandom());
        BufferContents contents = buffer.open(newKey);
        buffer.pruneKept(world.nowMillis() - ClientLimits.KEPT_APPENDS_MILLIS);
        runner = new SyncRunner("celeriant-syncs", world::nowMillis);
        Core core = new Core(runner);
        aggregates = new OpenAggregates(memory, buffer, contents, overlay, this::clientId, teller);
        outbox = new Outbox(memory, buffer, contents, overlay, aggregates::readUpTo, world, teller);
        Credentials credentials = of.credentials(outbox.identity());
        requests = new Requests(of.gateway, of.org, http, world, credentials);
        board = new StatusBoard(teller, this::status);
        loop = new SyncLoop(core, world, outbox, aggregates, this::tellNotice, board::changed);
        Supplier<DeviceKey> another = credentials instanceof Credentials.Device ? newKey : null;
        Pusher pusher = new Pusher(core, requests, outbox, another, loop);
        Follower follower =
                new Follower(core, requests, aggregates, world, loop, this::tellPresence, pusher::recoverLost);
        loop.use(pusher, follower);
        runner.start(loop);
    }

    /** Begins to describe a client of one org of the gateway at this URL. */
    public static Builder to(URI gateway, String org) {
        return new Builder(gateway, org);
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
        AppendHandle handle = outbox.append(CheckedEvents.of(events), null);
        runner.wake();
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
     *
     * @return the append's id
     */
    public UUID appendIn(Connection connection, List<Event> events) throws SQLException {
        requireOpen();
        if (!(buffer instanceof JdbcBuffer shared)) {
            throw new IllegalStateException("only a JdbcBuffer joins transactions");
        }
        UUID id = world.newId();
        shared.appendIn(connection, List.of(new Draft(id, CheckedEvents.of(events), world.nowMillis(), null)));
        return id;
    }

    /** A transaction that {@link #appendIn} joined was committed: what it appended is pushed now. */
    public void committed() {
        runner.execute(outbox::takeInStored);
    }

    /** Appends that go directly to the log, on conditions. */
    public Online online() {
        return new Online(requests, world);
    }

    /** Opens an aggregate: its last known state is there at once, and it is followed from now on. */
    public AggregateView open(AggregateId aggregate) {
        requireOpen();
        CompletableFuture<AggregateView> opened = new CompletableFuture<>();
        runner.execute(() -> {
            try {
                opened.complete(view(aggregates.open(aggregate)));
            } catch (RuntimeException e) {
                opened.completeExceptionally(e);
            }
        });
        try {
            return opened.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while opening " + aggregate, e);
        }
    }

    private AggregateView view(OpenAggregate open) {
        open.referencesAfter(1);
        Runnable onClose = () -> runner.execute(() -> {
            if (open.referencesAfter(-1) == 0) {
                aggregates.close(open.name());
            }
        });
        return new AggregateView(open, overlay, memory, buffer, teller, runner::wake, onClose);
    }

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

    public void goOnline() {
        dispatch(SyncEvent.GO_ONLINE);
    }

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

    /** Completes when nothing is pending: every append is confirmed or in the rejected list. */
    public CompletionStage<Void> whenSettled() {
        return board.when(() -> outbox.pendingCount() == 0);
    }

    /** Completes when every open aggregate was read up to the head of the log. */
    public CompletionStage<Void> whenLive() {
        return board.when(() -> loop.state() == SyncState.LIVE);
    }

    /** Waits for {@link #whenSettled}. */
    public void awaitSettled(Duration timeout) throws InterruptedException, TimeoutException {
        await(whenSettled(), timeout);
    }

    /** Waits for {@link #whenLive}. */
    public void awaitLive(Duration timeout) throws InterruptedException, TimeoutException {
        await(whenLive(), timeout);
    }

    /** What the log refused for good, with the reasons, oldest first. */
    public List<RejectedAppend> rejected() {
        return outbox.rejected();
    }

    /** Appends the events of a rejected append anew; it leaves the rejected list in the same transaction. */
    public AppendHandle retryRejected(UUID id) {
        requireOpen();
        AppendHandle handle = outbox.retryRejected(id);
        runner.wake();
        return handle;
    }

    public void discardRejected(UUID id) {
        outbox.discardRejected(id);
        board.changed();
    }

    /** Who the gateway takes this client for, and what it may. */
    public CompletionStage<Map<?, ?>> me() {
        return requests.me();
    }

    /** Ends syncing and closes the buffer. What is pending stays in it. */
    @Override
    public void close() {
        if (loop.state() == SyncState.CLOSED) {
            return;
        }
        dispatch(SyncEvent.CLOSE);
        try {
            runner.end();
            teller.shutdown();
            if (!teller.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                teller.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        board.close();
        buffer.close();
        http.close();
    }

    private void dispatch(SyncEvent event) {
        runner.execute(() -> loop.tell(event));
    }

    private void requireOpen() {
        if (loop.state() == SyncState.CLOSED) {
            throw new IllegalStateException("the client is closed");
        }
    }

    private void tellNotice(Notice notice) {
        teller.execute(() -> noticeListeners.forEach(listener -> listener.accept(notice)));
    }

    private void tellPresence(StreamMessage.Presence presence) {
        teller.execute(() -> presenceListeners.forEach(listener -> listener.accept(presence)));
    }

    private static void await(CompletionStage<Void> stage, Duration timeout)
            throws InterruptedException, TimeoutException {
        try {
            stage.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Describes a client. */
    public static final class Builder {
        private final URI gateway;
        private final String org;
        private LocalBuffer buffer = new MemoryBuffer();
        private Http http;
        private World world = World.system();
        private String apiKey;
        private String instance;
        private boolean online = true;
        private final List<AggregateId> aggregates = new ArrayList<>();

        private Builder(URI gateway, String org) {
            if (!"http".equals(gateway.getScheme()) && !"https".equals(gateway.getScheme())) {
                throw new IllegalArgumentException("gateway " + gateway + ": must begin with http:// or https://");
            }
            if (!Names.isName(org)) {
                throw new IllegalArgumentException("org " + org + ": outside the alphabet of names");
            }
            this.gateway = gateway;
            this.org = org;
        }

        /** Where what is appended is kept until the log has it; without one: in memory, gone with the process. */
        public Builder buffer(LocalBuffer chosen) {
            buffer = Objects.requireNonNull(chosen, "buffer");
            return this;
        }

        /** A backend's key. A device has none: it proves its own key. */
        public Builder apiKey(String key) {
            apiKey = Objects.requireNonNull(key, "apiKey");
            return this;
        }

        /** Which instance of a service this is, if several share an API key: {@code svc.<name>.<instance>}. */
        public Builder instance(String clientId) {
            instance = Objects.requireNonNull(clientId, "instance");
            return this;
        }

        /** Aggregates to open at once; they stay open until the client is closed. */
        public Builder follow(AggregateId... names) {
            aggregates.addAll(List.of(names));
            return this;
        }

        /** Stay offline until {@link Celeriant#goOnline} is called. */
        public Builder offline() {
            online = false;
            return this;
        }

        /** Another way to the network than {@code java.net.http}. */
        public Builder http(Http other) {
            http = Objects.requireNonNull(other, "http");
            return this;
        }

        /** Another clock, chance and signatures: for tests, and for a faster signature library. */
        public Builder world(World other) {
            world = Objects.requireNonNull(other, "world");
            return this;
        }

        /** Opens the buffer and starts. The client can be used at once, with no network too. */
        public Celeriant start() {
            if (http == null) {
                http = new JdkHttp();
            }
            Celeriant client = new Celeriant(this);
            aggregates.forEach(client::open);
            if (online) {
                client.goOnline();
            }
            return client;
        }

        private Credentials credentials(DeviceKey key) {
            return apiKey == null ? new Credentials.Device(key) : new Credentials.ApiKey(apiKey, instance);
        }
    }
}

package celeriant.gateway;

import celeriant.gateway.access.Access;
import celeriant.gateway.access.SystemAppender;
import celeriant.gateway.http.Callers;
import celeriant.gateway.http.FrontDoor;
import celeriant.gateway.http.Loop;
import celeriant.gateway.http.StandingHeaders;
import celeriant.gateway.http.Workers;
import celeriant.gateway.identity.AccessTokens;
import celeriant.gateway.identity.Authenticator;
import celeriant.gateway.identity.Nonces;
import celeriant.gateway.identity.ProofCheck;
import celeriant.gateway.identity.PublicUrls;
import celeriant.gateway.identity.TokenEndpoint;
import celeriant.gateway.metrics.Metrics;
import celeriant.gateway.presence.Presences;
import celeriant.gateway.schema.SchemaService;
import celeriant.gateway.stream.Feeds;
import celeriant.gateway.stream.Live;
import celeriant.gateway.stream.LoopStreams;
import celeriant.gateway.stream.Tickets;
import celeriant.log.EventLog;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A gateway without its sockets: everything between a request and the log, put together. {@link Gateway} drives it by
 * HTTP servers; a simulation drives it by hand, with loops and workers of its own. Any thread.
 */
final class GatewayCore implements AutoCloseable {
    static final int SECRET_BYTES = 32;
    private static final long FORGET_MILLIS = 10_000;
    private static final long RELOAD_MILLIS = 1_000;
    private static final long SWEEP_MILLIS = 500;

    /** Where the log is read, proofs are checked and persons log in. */
    record Threads(Workers reads, Workers checks, Workers logins) {}

    private final List<Loop> loops;
    private final PublicUrls urls;
    private final List<LoopStreams> streams;
    private final Feeds feeds;
    private final List<EventLog.Registration> following;
    private final Metrics metrics = new Metrics();
    private final Set<String> addresses;
    private final FrontDoor door;

    GatewayCore(Gateway.Builder of, List<Loop> loops, PublicUrls urls, Threads threads) {
        this.loops = loops;
        this.urls = urls;
        GatewayConfig config = of.config;
        InstantSource steady = new SteadyClock(of.clock);
        Nonces nonces = new Nonces(of.random.apply(SECRET_BYTES), steady);
        long stalledMillis = TimeUnit.SECONDS.toMillis(config.traffic().readerSeconds());
        streams = loops.stream()
                .map(loop -> new LoopStreams(loop, steady, stalledMillis))
                .toList();
        feeds = new Feeds(of.log, loops, config.recentBytesMax(), halfOfProcessors());
        ProofCheck proofs = new ProofCheck(nonces, urls, of.signatures, steady);
        AccessTokens tokens = new AccessTokens(of.tokenSecret, of.clock);
        Callers callers = new Callers(config.traffic(), config.behindProxy(), steady);
        loops.get(0).every(FORGET_MILLIS, callers::sweep);
        Supplier<UUID> ids = of.ids == null ? Ids.inOrderOf(of.clock) : of.ids;
        SystemAppender appender = new SystemAppender(of.log, of.clock, ids);
        Access access = Access.over(of.log, of.operator::policy, appender, of.random);
        Presences presences = new Presences(feeds, of.operator::mayStay);
        loops.get(0).every(SWEEP_MILLIS, () -> {
            presences.sweep(steady.millis());
            if (presences.hasSuspects()) {
                threads.reads().runIfIdle(() -> presences.lookAgain(access.service()::mayContribute));
            }
        });
        Routes routes = new Routes(
                of.log,
                config.limits(),
                ids,
                access,
                new SchemaService(of.log, access.service(), appender),
                new TokenEndpoint(proofs, tokens, of.people(), threads.checks(), threads.logins(), callers),
                new Live(
                        feeds,
                        streams,
                        new Tickets(steady, of.random),
                        presences,
                        of.operator::mayStay,
                        callers,
                        steady));
        of.page.ifPresent(routes::serve);
        addresses = routes.router().addresses();
        loops.get(0).every(RELOAD_MILLIS, () -> threads.reads().runIfIdle(of.operator::reload));
        following = List.of(of.log.follow(metrics), of.log.follow(presences));
        measure(threads);
        Authenticator authenticator = new Authenticator(proofs, tokens, of.operator, threads.checks(), callers);
        StandingHeaders standing = new StandingHeaders(config.corsOrigins(), nonces::current, of.clock);
        door = new FrontDoor(routes.router(), authenticator, threads.reads(), standing, urls.hosts(), metrics, callers);
    }

    /** What many readers of an org may take at once: the log and all else have the others. */
    private static int halfOfProcessors() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    private void measure(Threads threads) {
        metrics.gauge(
                "streams",
                "Subscriptions and polls that are open.",
                () -> streams.stream().mapToLong(LoopStreams::count).sum());
        metrics.gauge("reads_waiting", "Reads of the log that wait for a thread.", threads.reads()::waiting);
        metrics.gauge("proofs_waiting", "Proofs that wait for a thread.", threads.checks()::waiting);
        metrics.gauge("logins_waiting", "Logins of persons that wait for a thread.", threads.logins()::waiting);
    }

    FrontDoor door() {
        return door;
    }

    PublicUrls urls() {
        return urls;
    }

    Metrics metrics() {
        return metrics;
    }

    /** Every method and address that it answers, as {@code GET /v1/{org}}. */
    Set<String> addresses() {
        return addresses;
    }

    /** Tells streams to come back elsewhere; what is returned is at zero when they were told. */
    CountDownLatch endStreams() {
        CountDownLatch ended = new CountDownLatch(streams.size());
        for (int i = 0; i < streams.size(); i++) {
            LoopStreams open = streams.get(i);
            loops.get(i).run(() -> {
                open.close();
                ended.countDown();
            });
        }
        return ended;
    }

    /** Stops hearing of appends. */
    @Override
    public void close() {
        following.forEach(EventLog.Registration::close);
        feeds.close();
    }
}

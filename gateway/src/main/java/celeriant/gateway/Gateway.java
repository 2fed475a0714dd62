package celeriant.gateway;

import celeriant.gateway.access.Access;
import celeriant.gateway.access.AccessControl;
import celeriant.gateway.access.SystemAppender;
import celeriant.gateway.http.FrontDoor;
import celeriant.gateway.http.Loop;
import celeriant.gateway.http.PageFiles;
import celeriant.gateway.http.StandingHeaders;
import celeriant.gateway.http.Workers;
import celeriant.gateway.identity.AccessTokens;
import celeriant.gateway.identity.Authenticator;
import celeriant.gateway.identity.Nonces;
import celeriant.gateway.identity.ProofCheck;
import celeriant.gateway.identity.PublicUrls;
import celeriant.gateway.identity.TokenEndpoint;
import celeriant.gateway.oidc.OidcIssuer;
import celeriant.gateway.oidc.OidcLogin;
import celeriant.gateway.operator.Operator;
import celeriant.gateway.ops.AdminPages;
import celeriant.gateway.ops.Metrics;
import celeriant.gateway.presence.Presences;
import celeriant.gateway.schema.SchemaControl;
import celeriant.gateway.schema.SchemaService;
import celeriant.gateway.stream.Feeds;
import celeriant.gateway.stream.LoopStreams;
import celeriant.gateway.stream.Tickets;
import celeriant.log.Admission;
import celeriant.log.EventLog;
import celeriant.wire.SignatureProvider;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A running gateway over an event log that it does not own. {@code Gateway.builder(log).start()} inside any program;
 * close it before the log. Any thread.
 */
public final class Gateway implements AutoCloseable {
    private static final int SECRET_BYTES = 32;
    private static final int LOGIN_THREADS = 2;
    private static final int LOGINS_WAITING_MAX = 256;
    private static final long STOP_SECONDS = 5;
    private static final long RELOAD_MILLIS = 1_000;
    private static final long SWEEP_MILLIS = 500;

    private final HttpServers servers;
    private final List<LoopStreams> streams;
    private final Feeds feeds;
    private final Workers reads;
    private final Workers checks;
    private final Workers logins;
    private final PublicUrls urls;
    private final EventLog.Registration counting;
    private final String adminUrl;
    private final Set<String> addresses;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Gateway(Builder builder) {
        GatewayConfig config = builder.config;
        Nonces nonces = new Nonces(Ids.bytes(SECRET_BYTES), builder.clock);
        reads = new Workers("gateway-read", config.readThreads(), config.readsWaitingMax());
        checks = new Workers("gateway-proof", config.proofThreads(), config.proofsWaitingMax());
        logins = new Workers("gateway-login", LOGIN_THREADS, LOGINS_WAITING_MAX);
        servers = HttpServers.bind(config);
        urls = config.publicUrls().isEmpty() ? PublicUrls.loopback(servers.port()) : PublicUrls.of(config.publicUrls());
        List<Loop> loops = servers.loops();
        streams =
                loops.stream().map(loop -> new LoopStreams(loop, builder.clock)).toList();
        feeds = new Feeds(builder.log, loops, config.recentBytesMax());
        ProofCheck proofs = new ProofCheck(nonces, urls, builder.signatures, builder.clock);
        AccessTokens tokens = new AccessTokens(builder.tokenSecret, builder.clock);
        Authenticator authenticator = new Authenticator(proofs, tokens, builder.operator, checks);
        SystemAppender appender = new SystemAppender(builder.log, builder.clock, Ids::uuid);
        Access access = Access.over(builder.log, builder.operator::policy, appender, Ids::bytes);
        Presences presences = new Presences(feeds);
        loops.get(0).every(SWEEP_MILLIS, () -> presences.sweep(builder.clock.millis()));
        Routes routes = new Routes(
                builder.log,
                config.limits(),
                access,
                new SchemaService(builder.log, access.service(), appender),
                new TokenEndpoint(proofs, tokens, builder.people(), checks, logins),
                new Routes.Live(
                        feeds,
                        streams,
                        new Tickets(builder.clock, Ids::bytes),
                        presences,
                        builder.operator::mayStay,
                        builder.clock));
        builder.page.ifPresent(routes::serve);
        addresses = routes.router().addresses();
        loops.get(0).every(RELOAD_MILLIS, () -> reads.run(builder.operator::reload));
        Metrics metrics = new Metrics();
        counting = builder.log.follow(metrics);
        measure(metrics);
        adminUrl = "http://" + hostInUrl(config.adminHost()) + ":"
                + servers.listenBeside(
                        config.adminHost(),
                        config.adminPort(),
                        new AdminPages(builder.log, metrics, servers::isServing)::receive);
        servers.serve(new FrontDoor(
                routes.router(),
                authenticator,
                reads,
                new StandingHeaders(config.corsOrigins(), nonces::current),
                urls.hosts(),
                metrics));
    }

    private void measure(Metrics metrics) {
        metrics.gauge(
                "celeriant_streams",
                "Subscriptions and polls that are open.",
                () -> streams.stream().mapToLong(LoopStreams::count).sum());
        metrics.gauge("celeriant_reads_waiting", "Reads of the log that wait for a thread.", reads::waiting);
        metrics.gauge("celeriant_proofs_waiting", "Proofs that wait for a thread.", checks::waiting);
    }

    private static String hostInUrl(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /**
     * What a log asks before it settles an append, so that access and schemas hold in its order: open the log with it,
     * and give the gateway the same {@code operator}.
     */
    public static Admission admission(Operator operator) {
        return new SchemaControl(new AccessControl(operator::policy));
    }

    /** A gateway over a log that was opened with {@link #admission}. */
    public static Builder builder(EventLog log) {
        return new Builder(log);
    }

    /** The port that it listens on. */
    public int port() {
        return servers.port();
    }

    /** Where callers reach it. */
    public String url() {
        return urls.first();
    }

    /** Where health, readiness and metrics are. */
    public String adminUrl() {
        return adminUrl;
    }

    /** Every method and address that it answers, as {@code GET /v1/{org}}. */
    Set<String> addresses() {
        return addresses;
    }

    /** Tells streams to come back elsewhere, finishes what is in flight, and stops. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        servers.refuseNew();
        CountDownLatch ended = new CountDownLatch(streams.size());
        for (int i = 0; i < streams.size(); i++) {
            LoopStreams open = streams.get(i);
            servers.loops().get(i).run(() -> {
                open.close();
                ended.countDown();
            });
        }
        try {
            ended.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        servers.close();
        counting.close();
        feeds.close();
        logins.close();
        checks.close();
        reads.close();
    }

    /** What a gateway is made of; everything but the log has a default for loopback. */
    public static final class Builder {
        private final EventLog log;
        private GatewayConfig config = GatewayConfig.loopback(0);
        private InstantSource clock = InstantSource.system();
        private SignatureProvider signatures = SignatureProvider.jdk();
        private Operator operator = Operator.local();
        private Optional<PageFiles> page = Optional.empty();
        private List<OidcIssuer> issuers = List.of();
        private byte[] tokenSecret = Ids.bytes(SECRET_BYTES);

        private Builder(EventLog log) {
            this.log = Objects.requireNonNull(log, "log");
        }

        public Builder config(GatewayConfig newConfig) {
            config = newConfig;
            return this;
        }

        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        public Builder signatures(SignatureProvider newSignatures) {
            signatures = newSignatures;
            return this;
        }

        /** The orgs and keys that the operator set up. */
        public Builder operator(Operator newOperator) {
            operator = newOperator;
            return this;
        }

        /** The OIDC providers whose persons may log in. */
        public Builder oidc(List<OidcIssuer> newIssuers) {
            issuers = List.copyOf(newIssuers);
            return this;
        }

        private TokenEndpoint.People people() {
            return issuers.isEmpty() ? TokenEndpoint.People.NONE : new OidcLogin(issuers, clock);
        }

        /** Serves an application's page at the root. */
        public Builder page(PageFiles files) {
            page = Optional.of(files);
            return this;
        }

        /** The secret that tokens are signed with; with the same one they outlive a restart. */
        public Builder tokenSecret(byte[] secret) {
            tokenSecret = secret.clone();
            return this;
        }

        /**
         * Binds and serves.
         *
         * @throws IllegalStateException if the port cannot be bound
         */
        public Gateway start() {
            if (operator.takesAnyOrg() && !config.isLoopback()) {
                throw new IllegalStateException("orgs that anybody may make are for loopback only: name the orgs");
            }
            return new Gateway(this);
        }
    }
}

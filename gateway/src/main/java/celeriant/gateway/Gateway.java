package celeriant.gateway;

import celeriant.gateway.access.AccessControl;
import celeriant.gateway.http.PageFiles;
import celeriant.gateway.http.Workers;
import celeriant.gateway.identity.PublicUrls;
import celeriant.gateway.identity.TokenEndpoint;
import celeriant.gateway.metrics.Metrics;
import celeriant.gateway.net.HttpServers;
import celeriant.gateway.oidc.OidcIssuer;
import celeriant.gateway.oidc.OidcLogin;
import celeriant.gateway.operator.Operator;
import celeriant.gateway.schema.SchemaControl;
import celeriant.gateway.tls.Certificates;
import celeriant.log.Admission;
import celeriant.log.EventLog;
import celeriant.wire.SignatureProvider;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * A running gateway over an event log that it does not own. {@code Gateway.builder(log).start()} inside any program;
 * close it before the log. Any thread.
 */
public final class Gateway implements AutoCloseable {
    private static final long STOP_SECONDS = 1;
    private static final int LOGIN_THREADS = 2;
    private static final long RELOAD_MILLIS = 1_000;
    private static final int LOGINS_WAITING_MAX = 256;

    private final HttpServers servers;
    private final Workers reads;
    private final Workers checks;
    private final Workers logins;
    private final GatewayCore core;
    private final String adminUrl;
    private final String bound;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Gateway(Builder builder) {
        GatewayConfig config = builder.config;
        reads = new Workers("gateway-read", config.readThreads(), config.readsWaitingMax());
        checks = new Workers("gateway-proof", config.proofThreads(), config.proofsWaitingMax());
        logins = new Workers("gateway-login", LOGIN_THREADS, LOGINS_WAITING_MAX);
        Certificates tls = config.tls().isSet() ? Certificates.of(config.tls()) : null;
        servers = HttpServers.bind(config.host(), config.port(), config.eventLoops(), config.connectionTraffic(), tls);
        bound = hostInUrl(config.host()) + ":" + servers.port();
        PublicUrls urls = config.publicUrls().isEmpty()
                ? PublicUrls.loopback(tls == null ? "http" : "https", servers.port())
                : PublicUrls.of(config.publicUrls());
        core = new GatewayCore(builder, servers.loops(), urls, new GatewayCore.Threads(reads, checks, logins));
        AdminPages pages = new AdminPages(builder.log, core.metrics(), servers::isServing);
        measure(core.metrics(), pages, tls);
        if (tls != null) {
            servers.loops().getFirst().every(RELOAD_MILLIS, () -> reads.runIfIdle(tls::reload));
        }
        try {
            adminUrl = "http://" + hostInUrl(config.adminHost()) + ":"
                    + servers.listenBeside(config.adminHost(), config.adminPort(), pages);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        servers.serve(core.door());
    }

    private void measure(Metrics metrics, AdminPages pages, Certificates tls) {
        metrics.gauge("connections", "Connections that are open.", servers::connections);
        metrics.gauge("ready", "1 if requests are taken, appends among them, else 0.", () -> pages.isReady() ? 1 : 0);
        metrics.gauge(
                "certificate_expires_seconds",
                "Until when the certificate is good, since 1970; 0: without TLS.",
                () -> tls == null ? 0 : tls.expires().getEpochSecond());
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

    /** The address and the port that it listens on, which {@link #url} does not tell where it is configured. */
    public String bound() {
        return bound;
    }

    /** Where callers reach it. */
    public String url() {
        return core.urls().first();
    }

    /** Where health, readiness and metrics are. */
    public String adminUrl() {
        return adminUrl;
    }

    /** Every method and address that it answers, as {@code GET /v1/{org}}. */
    Set<String> addresses() {
        return core.addresses();
    }

    /** Tells streams to come back elsewhere, finishes what is in flight, and stops. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        servers.refuseNew();
        try {
            core.endStreams().await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        servers.close();
        core.close();
        logins.close();
        checks.close();
        reads.close();
    }

    /** What a gateway is made of; everything but the log has a default for loopback. */
    public static final class Builder {
        final EventLog log;
        GatewayConfig config = GatewayConfig.loopback(0);
        InstantSource clock = InstantSource.system();
        SignatureProvider signatures = SignatureProvider.jdk();
        Operator operator = Operator.local();
        Optional<PageFiles> page = Optional.empty();
        private List<OidcIssuer> issuers = List.of();
        byte[] tokenSecret = Ids.bytes(GatewayCore.SECRET_BYTES);
        IntFunction<byte[]> random = Ids::bytes;
        Supplier<UUID> ids;

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

        TokenEndpoint.People people() {
            return issuers.isEmpty() ? TokenEndpoint.People.NONE : new OidcLogin(issuers, clock);
        }

        /** Where secrets and ids come from: a simulation owns them. */
        Builder chance(IntFunction<byte[]> newRandom, Supplier<UUID> newIds) {
            random = newRandom;
            ids = newIds;
            return this;
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
            if (operator.takesAnyOrg() && config.isPublic()) {
                throw new IllegalStateException("orgs that anybody may make are for loopback only: name the orgs");
            }
            return new Gateway(this);
        }
    }
}

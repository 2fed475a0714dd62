package celeriant.gateway;

import celeriant.gateway.http.StandingHeaders;
import celeriant.gateway.http.TrafficLimits;
import celeriant.gateway.tls.TlsConfig;
import celeriant.model.Limits;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How a gateway runs.
 *
 * @param host the address that it binds
 * @param port 0 = any free one
 * @param publicUrls the URLs under which callers reach it, which proofs are compared with, the public one first; empty
 *     only on loopback, where it is the gateway's own port
 * @param behindProxy a proxy in front of it speaks TLS with the callers, who reach nothing but the proxy
 * @param tls its certificate, to speak TLS itself, HTTP/2 and HTTP/1.1
 * @param corsOrigins the origins whose pages may call it; {@code *} = any
 * @param eventLoops threads that read and write connections
 * @param readThreads threads that read the log
 * @param readsWaitingMax reads that wait for one of them; beyond that the answer is {@code busy}
 * @param proofThreads threads that check signatures
 * @param proofsWaitingMax proofs that wait for one of them
 * @param recentBytesMax memory for one org's recent events, from which subscribers are served
 * @param adminHost the address of the admin port; loopback unless told otherwise
 * @param adminPort health, readiness and metrics; 0 = any free one
 * @param limits the protocol's limits
 * @param traffic what callers may take
 */
public record GatewayConfig(
        String host,
        int port,
        List<String> publicUrls,
        boolean behindProxy,
        TlsConfig tls,
        Set<String> corsOrigins,
        int eventLoops,
        int readThreads,
        int readsWaitingMax,
        int proofThreads,
        int proofsWaitingMax,
        long recentBytesMax,
        String adminHost,
        int adminPort,
        Limits limits,
        TrafficLimits traffic) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int PORT_MAX = 65_535;
    private static final long RECENT_BYTES = 16L << 20;

    /** On two processors, too: with one loop, the second idles whenever the log's writer waits for the disk. */
    private static final int LOOPS_MIN = 2;

    private static final int READS_WAITING = 4_096;
    private static final int PROOFS_WAITING = 4_096;

    public GatewayConfig {
        publicUrls = List.copyOf(publicUrls);
        corsOrigins = Set.copyOf(corsOrigins);
        requirePort(port, "port");
        requirePort(adminPort, "adminPort");
        requirePositive(eventLoops, "eventLoops");
        requirePositive(readThreads, "readThreads");
        requirePositive(readsWaitingMax, "readsWaitingMax");
        requirePositive(proofThreads, "proofThreads");
        requirePositive(proofsWaitingMax, "proofsWaitingMax");
        requirePositive(recentBytesMax, "recentBytesMax");
        Exposure.require(host, publicUrls, behindProxy, tls.isSet());
        for (String origin : corsOrigins) {
            if (!origin.equals(StandingHeaders.ANY_ORIGIN) && !origin.matches("https?://[^/]+")) {
                throw new IllegalArgumentException(
                        "corsOrigins " + origin + ": write http(s)://host[:port], or * for any");
            }
        }
    }

    /** On loopback, with what suits this machine. */
    public static GatewayConfig loopback(int port) {
        return forProcessors(port, Runtime.getRuntime().availableProcessors());
    }

    /** On loopback, with what suits a machine of so many processors. */
    public static GatewayConfig forProcessors(int port, int processors) {
        return new GatewayConfig(
                LOOPBACK,
                port,
                List.of(),
                false,
                TlsConfig.NONE,
                Set.of(),
                Math.max(Math.min(LOOPS_MIN, processors), processors / 2),
                Math.max(4, 2 * processors),
                READS_WAITING,
                processors,
                PROOFS_WAITING,
                RECENT_BYTES,
                LOOPBACK,
                0,
                Limits.DEFAULT,
                TrafficLimits.DEFAULT);
    }

    /** Reached by others than this machine, through a proxy that speaks TLS. */
    public GatewayConfig withProxy(String newHost, List<String> newPublicUrls) {
        return with(draft -> {
            draft.host = newHost;
            draft.publicUrls = newPublicUrls;
            draft.behindProxy = true;
        });
    }

    /** Reached by others than this machine, if the host is not loopback's, and secured by itself. */
    public GatewayConfig withTls(String newHost, List<String> newPublicUrls, TlsConfig newTls) {
        return with(draft -> {
            draft.host = newHost;
            draft.publicUrls = newPublicUrls;
            draft.tls = newTls;
        });
    }

    /** The same with another admin port, which has no TLS and asks nobody who they are. */
    public GatewayConfig withAdmin(String newHost, int newPort) {
        return with(draft -> {
            draft.adminHost = newHost;
            draft.adminPort = newPort;
        });
    }

    /** The same for pages of these origins; {@code *} = any. */
    public GatewayConfig withCorsOrigins(Set<String> origins) {
        return with(draft -> draft.corsOrigins = origins);
    }

    /** The same with other limits of the protocol. */
    public GatewayConfig withLimits(Limits newLimits) {
        return with(draft -> draft.limits = newLimits);
    }

    /** The same with other limits on what callers may take. */
    public GatewayConfig withTraffic(TrafficLimits newTraffic) {
        return with(draft -> draft.traffic = newTraffic);
    }

    private GatewayConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new GatewayConfig(
                draft.host,
                port,
                draft.publicUrls,
                draft.behindProxy,
                draft.tls,
                draft.corsOrigins,
                eventLoops,
                readThreads,
                readsWaitingMax,
                proofThreads,
                proofsWaitingMax,
                recentBytesMax,
                draft.adminHost,
                draft.adminPort,
                draft.limits,
                draft.traffic);
    }

    /** What the methods above may change of a configuration. */
    private static final class Draft {
        String host;
        List<String> publicUrls;
        boolean behindProxy;
        TlsConfig tls;
        Set<String> corsOrigins;
        String adminHost;
        int adminPort;
        Limits limits;
        TrafficLimits traffic;

        Draft(GatewayConfig before) {
            host = before.host;
            publicUrls = before.publicUrls;
            behindProxy = before.behindProxy;
            tls = before.tls;
            corsOrigins = before.corsOrigins;
            adminHost = before.adminHost;
            adminPort = before.adminPort;
            limits = before.limits;
            traffic = before.traffic;
        }
    }

    /** What one connection may take: behind a proxy, which limits its own callers, addresses are not told apart. */
    TrafficLimits connectionTraffic() {
        return behindProxy ? traffic.withoutAddresses() : traffic;
    }

    /** Whether others than this machine reach it. */
    public boolean isPublic() {
        return Exposure.isPublic(host, publicUrls, behindProxy);
    }

    private static void requirePort(int value, String field) {
        if (value < 0 || value > PORT_MAX) {
            throw new IllegalArgumentException(field + " is " + value + ", which is not in 0.." + PORT_MAX);
        }
    }

    private static void requirePositive(long value, String field) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " is " + value + ", which is not 1 or more");
        }
    }
}

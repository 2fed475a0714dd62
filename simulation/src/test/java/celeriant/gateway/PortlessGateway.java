package celeriant.gateway;

import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.Loop;
import celeriant.gateway.http.RequestHead;
import celeriant.gateway.http.Workers;
import celeriant.gateway.identity.PublicUrls;
import celeriant.gateway.operator.Operator;
import celeriant.log.EventLog;
import celeriant.wire.SignatureProvider;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** The real gateway without sockets and threads: what happens in it happens when the simulation says so. */
public final class PortlessGateway implements AutoCloseable {
    /** The URL under which clients call it. */
    public static final String URL = "http://127.0.0.1:8787";

    private static final int PORT = 8787;

    private final GatewayCore core;

    /**
     * What it is put together from.
     *
     * @param turns runs tasks of its event loop and of its workers, in the order given
     */
    public record Parts(
            EventLog log,
            Operator operator,
            InstantSource clock,
            SignatureProvider signatures,
            byte[] tokenSecret,
            IntFunction<byte[]> random,
            Supplier<UUID> ids,
            ExecutorService turns) {}

    public PortlessGateway(Parts parts, Loop loop) {
        Gateway.Builder builder = Gateway.builder(parts.log())
                .operator(parts.operator())
                .clock(parts.clock())
                .signatures(parts.signatures())
                .tokenSecret(parts.tokenSecret())
                .chance(parts.random(), parts.ids());
        Workers workers = new Workers(parts.turns());
        core = new GatewayCore(
                builder,
                List.of(loop),
                PublicUrls.loopback("http", PORT),
                new GatewayCore.Threads(workers, workers, workers));
    }

    /** Takes a request. */
    public void receive(RequestHead head, Carrier carrier) {
        core.door().receive(head, carrier);
    }

    /** Tells streams to come back. */
    public void endStreams() {
        core.endStreams();
    }

    @Override
    public void close() {
        core.close();
    }
}

package celeriant.gateway;

import celeriant.gateway.http.FrontDoor;
import celeriant.gateway.http.Loop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The listening side: one HTTP server for each event loop, all on one port. What arrives before there is a front door
 * is answered 503. Any thread.
 */
final class HttpServers implements AutoCloseable {
    /** Filters of a thousand names do not fit into a line; they are posted. */
    static final int LINE_BYTES_MAX = 16 * 1024;

    static final int HEADER_BYTES_MAX = 32 * 1024;
    static final int IDLE_SECONDS = 90;

    private static final long START_SECONDS = 30;
    private static final long STOP_SECONDS = 5;
    private static final int BACKLOG = 4_096;

    private final Vertx vertx;
    private final List<Listener> listeners = new ArrayList<>();
    private final int port;
    private volatile FrontDoor door;

    private HttpServers(GatewayConfig config) {
        vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(config.eventLoops())
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2));
        int bound = config.port();
        try {
            for (int i = 0; i < config.eventLoops(); i++) {
                Listener listener = new Listener(config.host(), bound, i);
                await(vertx.deployVerticle(listener), START_SECONDS);
                listeners.add(listener);
                bound = listener.server.actualPort();
            }
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
        port = bound;
    }

    static HttpServers bind(GatewayConfig config) {
        return new HttpServers(config);
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxInitialLineLength(LINE_BYTES_MAX)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setIdleTimeout(IDLE_SECONDS)
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setHandle100ContinueAutomatically(false)
                // There are no web sockets here; their handlers would look at every request.
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }

    int port() {
        return port;
    }

    List<Loop> loops() {
        return listeners.stream().map(listener -> listener.loop).toList();
    }

    void serve(FrontDoor newDoor) {
        door = newDoor;
    }

    /** No new requests: those that still come are answered 503. */
    void refuseNew() {
        door = null;
    }

    boolean isServing() {
        return door != null;
    }

    /** Another server beside, on one event loop; returns its port. */
    int listenBeside(String host, int wanted, Handler<HttpServerRequest> handler) {
        HttpServer beside = vertx.createHttpServer(options());
        beside.requestHandler(handler);
        await(beside.listen(wanted, host), START_SECONDS);
        return beside.actualPort();
    }

    @Override
    public void close() {
        try {
            await(vertx.close(), STOP_SECONDS);
        } catch (IllegalStateException e) {
            // What did not stop in time dies with the process.
        }
    }

    private static void await(Future<?> future, long seconds) {
        try {
            future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("not done within " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** One event loop and its server. */
    private final class Listener extends VerticleBase {
        private final String host;
        private final int wanted;
        private final int index;
        private Loop loop;
        private HttpServer server;

        Listener(String host, int wanted, int index) {
            this.host = host;
            this.wanted = wanted;
            this.index = index;
        }

        @Override
        public void init(Vertx owner, Context own) {
            super.init(owner, own);
            loop = new Loop(own, index);
        }

        @Override
        public Future<?> start() {
            server = vertx.createHttpServer(options());
            server.requestHandler(this::receive);
            return server.listen(wanted, host);
        }

        private void receive(HttpServerRequest request) {
            FrontDoor open = door;
            if (open == null) {
                request.response()
                        .setStatusCode(503)
                        .putHeader("Retry-After", "1")
                        .end();
            } else {
                open.receive(request, loop);
            }
        }
    }
}

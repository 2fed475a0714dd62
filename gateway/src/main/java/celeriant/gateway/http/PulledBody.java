package celeriant.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * A body that is sent as fast as the caller takes it, piece by piece: the next piece is asked for only while the
 * connection takes more, so a slow reader holds one piece and no thread. Confined to the event loop; the source may
 * work elsewhere.
 */
public final class PulledBody {
    private final Exchange exchange;
    private final HttpServerResponse response;
    private final Source source;
    private boolean asking;
    private boolean ended;

    /** Where the pieces come from. */
    @FunctionalInterface
    public interface Source {
        /** Hands the next piece to {@code sink} on any thread, null when there are no more. Asked again only then. */
        void next(Sink sink);
    }

    /** Takes one piece, or the news that there will be none. Any thread. */
    public interface Sink {
        void take(byte[] piece);

        void fail(Throwable fault);
    }

    private PulledBody(Exchange exchange, HttpServerResponse response, Source source) {
        this.exchange = exchange;
        this.response = response;
        this.source = source;
    }

    /** Sends {@code head} (its body is not looked at), then what {@code source} gives: on the event loop. */
    public static void send(Exchange exchange, Answer head, Source source) {
        HttpServerResponse response = exchange.begin(head.status());
        if (response == null) {
            return;
        }
        response.putHeader("Content-Type", head.contentType());
        head.headers().forEach(response::putHeader);
        if (exchange.method().equals("HEAD")) {
            response.end();
            return;
        }
        response.setChunked(true);
        PulledBody body = new PulledBody(exchange, response, source);
        response.exceptionHandler(gone -> body.ended = true);
        response.closeHandler(gone -> body.ended = true);
        body.pull();
    }

    private void pull() {
        if (asking || ended) {
            return;
        }
        if (response.writeQueueFull()) {
            response.drainHandler(drained -> pull());
            return;
        }
        asking = true;
        try {
            source.next(new Sink() {
                @Override
                public void take(byte[] piece) {
                    exchange.loop().run(() -> taken(piece));
                }

                @Override
                public void fail(Throwable fault) {
                    exchange.loop().run(() -> cut(fault));
                }
            });
        } catch (RuntimeException e) {
            cut(e);
        }
    }

    private void taken(byte[] piece) {
        asking = false;
        if (ended) {
            return;
        }
        if (piece == null) {
            ended = true;
            response.end();
        } else {
            if (piece.length > 0) {
                Buffer buffer = Buffers.wrap(piece);
                response.write(buffer);
            }
            pull();
        }
    }

    /** The headers are gone, so that a cut connection is all that can still tell of a fault. */
    private void cut(Throwable fault) {
        ended = true;
        Faults.report("a body", fault);
        exchange.disconnect();
    }
}

package celeriant.gateway.http;

import celeriant.gateway.access.RefusedException;
import celeriant.model.ErrorCode;

/**
 * A body that is sent as fast as the caller takes it, piece by piece: the next one is made while the last is sent, and
 * no other before it has gone out, so a slow reader holds two pieces and no thread. Of one that takes its time the
 * source is asked every second whether the caller may have the rest. Confined to the event loop; the source may work
 * elsewhere.
 */
public final class PulledBody {
    private static final long BUSY_MILLIS = 50;
    private static final long LOOK_MILLIS = 1_000;

    /** What has fewer pieces is over before anything could change. */
    private static final int LONG_PIECES = 2;

    private final Exchange exchange;
    private final Response response;
    private final Source source;
    private boolean asking;
    private boolean isLast;
    private boolean ended;
    private int pieces;
    /** Made, and not sent yet. */
    private byte[] ahead;

    /** Where the pieces come from. */
    @FunctionalInterface
    public interface Source {
        /**
         * Hands the next piece to {@code sink} on any thread, null when there are no more. Asked again only then.
         *
         * @throws RefusedException {@code busy}: it is asked again a little later
         */
        void next(Sink sink);

        /**
         * On a worker, beside {@link #next}.
         *
         * @throws RefusedException if the caller may not have the rest any more
         */
        default void requireStill() {}
    }

    /** Takes one piece, or the news that there will be none. Any thread. */
    public interface Sink {
        void take(byte[] piece);

        void fail(Throwable fault);
    }

    private PulledBody(Exchange exchange, Response response, Source source) {
        this.exchange = exchange;
        this.response = response;
        this.source = source;
    }

    /**
     * Sends {@code head} (its body is not looked at), then what {@code source} gives, packed for those that take it: on
     * the event loop.
     */
    public static void send(Exchange exchange, Answer head, Source source) {
        Coding coding = Coding.of(exchange.listHeader("Accept-Encoding"));
        if (coding == null) {
            sendAsIs(exchange, head, source);
        } else {
            sendAsIs(exchange, coding.on(head), new PackedSource(source, coding));
        }
    }

    private static void sendAsIs(Exchange exchange, Answer head, Source source) {
        Response response = exchange.begin(head.status());
        if (response == null) {
            return;
        }
        response.header("Content-Type", head.contentType());
        head.headers().forEach(response::header);
        if (exchange.method().equals("HEAD")) {
            response.end();
            return;
        }
        PulledBody body = new PulledBody(exchange, response, source);
        response.onGone(() -> body.ended = true);
        response.onDrain(body::pull);
        body.pull();
    }

    private void pull() {
        if (ended) {
            return;
        }
        if (ahead != null && !response.isFull()) {
            response.write(ahead);
            ahead = null;
        }
        if (isLast && ahead == null) {
            ended = true;
            response.end();
        } else if (!asking && ahead == null) {
            ask();
        }
    }

    private void ask() {
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
        } catch (RefusedException e) {
            if (e.problem().code() == ErrorCode.BUSY) {
                exchange.loop().after(BUSY_MILLIS, this::askAgain);
            } else {
                cut(e);
            }
        } catch (RuntimeException e) {
            cut(e);
        }
    }

    private void askAgain() {
        if (!ended) {
            ask();
        }
    }

    private void taken(byte[] piece) {
        asking = false;
        if (ended) {
            return;
        }
        isLast = piece == null;
        ahead = piece == null || piece.length == 0 ? null : piece;
        if (!isLast && ++pieces == LONG_PIECES) {
            exchange.loop().after(LOOK_MILLIS, this::look);
        }
        pull();
    }

    /** What it was asked for with may be gone since: a key, a role, a right. */
    private void look() {
        if (ended) {
            return;
        }
        try {
            exchange.onWorker(() -> {
                RuntimeException gone = gone();
                exchange.loop().run(() -> looked(gone));
            });
        } catch (RefusedException busy) {
            looked(null);
        }
    }

    private RuntimeException gone() {
        try {
            source.requireStill();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void looked(RuntimeException gone) {
        if (gone == null) {
            exchange.loop().after(LOOK_MILLIS, this::look);
        } else if (!ended) {
            cut(gone);
        }
    }

    /** The headers are gone, so that a cut connection is all that can still tell of a fault, or a refusal. */
    private void cut(Throwable fault) {
        ended = true;
        if (!(fault instanceof RefusedException)) {
            Faults.report("a body", fault);
        }
        exchange.disconnect();
    }
}

package celeriant.gateway.http;

import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Reads one request's body up to a limit, which is held before anything is buffered. A body that is too large is
 * refused at once, and the rest of it read and dropped for a while, so that the caller can read the answer. Confined to
 * the event loop.
 */
final class BodyReader {
    private static final byte[] NONE = {};
    private static final int DROPPED_MAX_FACTOR = 4;

    private final Exchange exchange;
    private final HttpServerRequest request;
    private final int bytesMax;
    private final Consumer<byte[]> whole;
    private Buffer first;
    private Buffer received;
    private long count;

    private BodyReader(Exchange exchange, int bytesMax, Consumer<byte[]> whole) {
        this.exchange = exchange;
        this.request = exchange.request();
        this.bytesMax = bytesMax;
        this.whole = whole;
    }

    /** Hands the whole body to {@code whole}, or answers the refusal. The request may be paused. */
    static void read(Exchange exchange, int bytesMax, Consumer<byte[]> whole) {
        new BodyReader(exchange, bytesMax, whole).start();
    }

    private void start() {
        String encoding = exchange.header("Content-Encoding");
        long announced = announced();
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            refuse(Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Bodies are taken without a Content-Encoding.")
                    .with("header", "Content-Encoding"));
        } else if (announced > bytesMax) {
            refuse(tooLarge());
        } else {
            if ("100-continue".equalsIgnoreCase(exchange.header("Expect"))) {
                request.response().writeContinue();
            }
            request.handler(this::take);
            request.endHandler(end -> finish());
        }
        request.resume();
    }

    private long announced() {
        String length = exchange.header("Content-Length");
        return length == null ? 0 : Query.wholeNumber(length);
    }

    private void take(Buffer chunk) {
        count += chunk.length();
        if (count > bytesMax) {
            received = null;
            refuse(tooLarge());
        } else if (received == null) {
            first = chunk;
            received = chunk;
        } else {
            received = received == first ? Buffer.buffer().appendBuffer(received) : received;
            received.appendBuffer(chunk);
        }
    }

    private void finish() {
        if (!exchange.isAnswered()) {
            byte[] body = received == null ? NONE : received.getBytes();
            received = null;
            whole.accept(body);
        }
    }

    private void refuse(Problem problem) {
        request.handler(chunk -> {
            count += chunk.length();
            if (count > (long) bytesMax * DROPPED_MAX_FACTOR) {
                request.connection().close();
            }
        });
        request.endHandler(end -> {});
        exchange.send(Answer.problem(problem));
    }

    private Problem tooLarge() {
        return Problem.of(ErrorCode.TOO_LARGE, "The body has at most " + bytesMax + " bytes.")
                .with("limit", (long) bytesMax)
                .with("unit", "bytes");
    }
}

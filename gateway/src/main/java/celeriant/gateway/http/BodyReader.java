package celeriant.gateway.http;

import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads one request's body up to a limit, which is held before anything is kept. A body that is too large is refused at
 * once. Confined to the event loop.
 */
final class BodyReader implements BodyReceiver {
    /** What is set aside for a body on its caller's word alone. */
    private static final int TRUSTED_BYTES_MAX = 64 * 1024;

    private static final byte[] NONE = {};

    private final Exchange exchange;
    private final int bytesMax;
    private final int announced;
    private final Consumer<byte[]> whole;
    private byte[] received = NONE;
    private int count;

    private BodyReader(Exchange exchange, int bytesMax, int announced, Consumer<byte[]> whole) {
        this.exchange = exchange;
        this.bytesMax = bytesMax;
        this.announced = announced;
        this.whole = whole;
    }

    /** Hands the whole body to {@code whole}, or answers the refusal. */
    static void read(Exchange exchange, int bytesMax, Consumer<byte[]> whole) {
        String encoding = exchange.header("Content-Encoding");
        String length = exchange.header("Content-Length");
        long announced = length == null ? 0 : Query.wholeNumber(length);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            exchange.send(Answer.problem(
                    Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Bodies are taken without a Content-Encoding.")
                            .with("header", "Content-Encoding")));
        } else if (announced > bytesMax) {
            exchange.send(tooLarge(bytesMax));
        } else {
            exchange.receiveBody(new BodyReader(exchange, bytesMax, (int) announced, whole));
        }
    }

    @Override
    public void announced(long length) {
        if (length > bytesMax - count) {
            exchange.send(tooLarge(bytesMax));
        }
    }

    @Override
    public void take(byte[] bytes, int from, int length) {
        if (length > bytesMax - count) {
            received = NONE;
            exchange.send(tooLarge(bytesMax));
        } else if (count == 0 && length >= announced) {
            received = Arrays.copyOfRange(bytes, from, from + length);
            count = length;
        } else {
            reserve(count + length);
            System.arraycopy(bytes, from, received, count, length);
            count += length;
        }
    }

    private void reserve(int length) {
        if (length > received.length) {
            int first = Math.min(announced, TRUSTED_BYTES_MAX);
            received = Arrays.copyOf(received, (int) Math.min(bytesMax, Math.max(Math.max(first, length), 2L * count)));
        }
    }

    @Override
    public void end() {
        if (!exchange.isAnswered()) {
            byte[] body = count == received.length ? received : Arrays.copyOf(received, count);
            received = NONE;
            whole.accept(body);
        }
    }

    private static Answer tooLarge(int bytesMax) {
        return Answer.problem(Problem.of(ErrorCode.TOO_LARGE, "The body has at most " + bytesMax + " bytes.")
                .with("limit", (long) bytesMax)
                .with("unit", "bytes"));
    }
}

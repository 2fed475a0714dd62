package celeriant.client.gateway;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** HTTP by {@code java.net.http}: HTTP/2 where TLS negotiates it, else HTTP/1.1. Any thread. */
public final class JdkHttp implements Http {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** An answer that began to come is there as a whole by then. */
    private static final long BODY_TIMEOUT_MILLIS = 5 * 60_000L;

    /**
     * Made with the first request: it reads all certificates of the JDK, which one who starts offline does not need.
     */
    private HttpClient client;

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
        }
        return client;
    }

    @Override
    public CompletionStage<Answer> send(Call call) {
        return answered(call, info -> BodySubscribers.ofByteArray());
    }

    @Override
    public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
        return answered(call, info -> info.statusCode() == 200 ? new Pieces(receiver) : BodySubscribers.ofByteArray());
    }

    private static HttpRequest request(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(call.uri())
                .version(
                        "https".equals(call.uri().getScheme())
                                ? HttpClient.Version.HTTP_2
                                : HttpClient.Version.HTTP_1_1)
                .method(
                        call.method(),
                        call.body() == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(call.body()));
        call.headers().forEach(request::header);
        return request.build();
    }

    private CompletionStage<Answer> answered(Call call, BodyHandler<byte[]> body) {
        HttpClient used = client();
        CompletableFuture<Void> head = new CompletableFuture<>();
        CompletableFuture<HttpResponse<byte[]>> sent = used.sendAsync(request(call), info -> {
            head.complete(null);
            return body.apply(info);
        });
        CompletableFuture<HttpResponse<byte[]>> inTime =
                sent.copy().orTimeout(call.timeoutMillis() + BODY_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        inTime.whenComplete((response, failure) -> head.complete(null));
        head.orTimeout(call.timeoutMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
            inTime.completeExceptionally(late);
            return null;
        });
        return inTime.handle((response, failure) -> {
            if (failure == null) {
                return new Answer(response.statusCode(), headers(response.headers()), response.body());
            }
            sent.cancel(true);
            throw new CompletionException(failed(call, used, failure));
        });
    }

    private NoAnswerException failed(Call call, HttpClient used, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            leave(used);
            return new NoAnswerException("no answer within " + call.timeoutMillis() + " ms", cause);
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new NoAnswerException(message, cause);
    }

    @Override
    public synchronized void leaveConnections() {
        client = null;
    }

    /** One connection of HTTP/2 carries all requests, and is kept though it may be dead: the next go by another. */
    private synchronized void leave(HttpClient used) {
        if (client == used) {
            client = null;
        }
    }

    private static Map<String, String> headers(HttpHeaders headers) {
        Map<String, String> first = new LinkedHashMap<>();
        headers.map().forEach((name, values) -> first.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        return first;
    }

    /** Hands a body over piece by piece, the next one only when it is asked for. */
    private static final class Pieces implements BodySubscriber<byte[]>, OpenStream {
        private final StreamReceiver receiver;
        private volatile Flow.Subscription subscription;

        Pieces(StreamReceiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return CompletableFuture.completedFuture(new byte[0]);
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            receiver.opened(this);
            given.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            int length = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
            byte[] bytes = new byte[length];
            int at = 0;
            for (ByteBuffer buffer : buffers) {
                int count = buffer.remaining();
                buffer.get(bytes, at, count);
                at += count;
            }
            receiver.bytes(bytes);
        }

        @Override
        public void onError(Throwable failure) {
            receiver.ended(failure);
        }

        @Override
        public void onComplete() {
            receiver.ended(null);
        }

        @Override
        public void next() {
            subscription.request(1);
        }

        @Override
        public void cancel() {
            subscription.cancel();
        }
    }
}

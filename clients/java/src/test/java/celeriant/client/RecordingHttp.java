package celeriant.client;

import celeriant.client.gateway.Http;
import celeriant.client.gateway.JdkHttp;
import celeriant.client.gateway.NoAnswerException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** The real network, remembering what was asked, with a switch for a proxy that holds streams back. Any thread. */
final class RecordingHttp implements Http {
    private final Http real = new JdkHttp();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    volatile boolean holdsStreams;

    /** The addresses, with their queries, that were asked for and match. */
    List<String> asked(String pattern) {
        Pattern wanted = Pattern.compile(pattern);
        return calls.stream()
                .map(call -> call.method() + " " + call.uri().getRawPath()
                        + (call.uri().getRawQuery() == null
                                ? ""
                                : "?" + call.uri().getRawQuery()))
                .filter(text -> wanted.matcher(text).find())
                .toList();
    }

    @Override
    public CompletionStage<Answer> send(Call call) {
        calls.add(call);
        return real.send(call);
    }

    @Override
    public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
        calls.add(call);
        return holdsStreams
                ? CompletableFuture.failedFuture(
                        new NoAnswerException("no answer within " + call.timeoutMillis() + " ms"))
                : real.stream(call, receiver);
    }

    @Override
    public void leaveConnections() {
        real.leaveConnections();
    }
}

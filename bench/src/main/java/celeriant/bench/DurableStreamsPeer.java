package celeriant.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** The Durable Streams server in Rust ({@code cargo install durable-streams}), {@code --durability wal}. */
final class DurableStreamsPeer implements StreamPeer {
    private static final Duration READY_MAX = Duration.ofSeconds(10);
    private static final int STREAMS = 64;

    private final int port = FreePort.find();
    private final ServerProcess process;

    DurableStreamsPeer(Path binary, Path folder) throws IOException, InterruptedException {
        process = ServerProcess.start(
                List.of(
                        binary.toString(),
                        "--port",
                        Integer.toString(port),
                        "--data-dir",
                        folder.resolve("data").toString(),
                        "--durability",
                        "wal"),
                folder.resolve("output"));
        for (int i = 0; i < STREAMS; i++) {
            createStream(i);
        }
    }

    private void createStream(int number) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path(number)))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        long deadline = System.nanoTime() + READY_MAX.toNanos();
        while (true) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                if (status != 201) {
                    throw new IllegalStateException("the stream was not created: " + status);
                }
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static String path(int stream) {
        return "/v1/stream/bench-" + stream;
    }

    @Override
    public String name() {
        return "Durable Streams (Rust)";
    }

    @Override
    public ServerProcess process() {
        return process;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public boolean takes(Load load) {
        return load.aggregates() <= STREAMS;
    }

    @Override
    public IntFunction<Exchange> exchanges(Load load) {
        String body = load.body(AppendPeer.payload());
        return connection ->
                HttpExchange.repeating(load.eventsPerRequest(), post(connection % load.aggregates(), body));
    }

    @Override
    public ByteBuffer followRequest() {
        return RequestBytes.get(path(0) + "?offset=now&live=sse", "");
    }

    @Override
    public ByteBuffer appendRequest(String data) {
        return post(0, data);
    }

    private static ByteBuffer post(int stream, String body) {
        return RequestBytes.post(path(stream), RequestBytes.JSON, body);
    }

    @Override
    public void close() {
        process.close();
    }
}

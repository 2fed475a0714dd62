package celeriant.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This project's gateway on its embedded engine, as a process of its own, with an API key on every request. */
final class CeleriantPeer implements StreamPeer {
    private static final String ORG = "bench";
    private static final String BENCH_0 = "/stream/bench-0/events";

    /** The last one in a page is the org's; those before it are events'. */
    private static final Pattern POSITION = Pattern.compile("\"position\":(\\d+)");

    private final String name;
    private final Path folder;
    private final List<String> jvmFlags;
    private final String classPath;
    private final int port;
    private final String key;
    private ServerProcess process;

    /** {@code jvmFlags} go to the server's JVM, such as a heap limit or a profiler. */
    CeleriantPeer(Path folder, List<String> jvmFlags) throws IOException, InterruptedException {
        this("Celeriant", folder, jvmFlags, System.getProperty("java.class.path"));
    }

    /** Another state of the same, from other classes. */
    CeleriantPeer(String name, Path folder, List<String> jvmFlags, String classPath)
            throws IOException, InterruptedException {
        this.name = name;
        this.folder = folder;
        this.jvmFlags = jvmFlags;
        this.classPath = classPath;
        Path data = folder.resolve("data");
        Path keyOutput = folder.resolve("key");
        try (ServerProcess keys = ServerProcess.start(
                command(
                        classPath,
                        List.of(),
                        "key",
                        "create",
                        "--data",
                        data.toString(),
                        "--org",
                        ORG,
                        "--name",
                        "bench",
                        "--scope",
                        "append"),
                keyOutput)) {
            key = keys.awaitLine(keyOutput, "cel_", Duration.ofSeconds(30)).strip();
        }
        port = start(0);
    }

    /** Serves on {@code wanted}, or on any port for 0; returns on which. */
    private int start(int wanted) throws InterruptedException {
        Path output = folder.resolve("output");
        String data = folder.resolve("data").toString();
        process = ServerProcess.start(
                command(classPath, jvmFlags, "serve", "--port", Integer.toString(wanted), "--data", data), output);
        String line = process.awaitLine(output, "listening ", Duration.ofSeconds(60));
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).replaceAll("\\D", ""));
    }

    /** Starts it again on the same port and data, after it was killed. */
    void restart() throws InterruptedException {
        start(port);
    }

    static List<String> command(List<String> jvmFlags, String... arguments) {
        return command(System.getProperty("java.class.path"), jvmFlags, arguments);
    }

    private static List<String> command(String classPath, List<String> jvmFlags, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        // As the launcher has it.
        command.add("-XX:MaxGCPauseMillis=10");
        command.addAll(jvmFlags);
        command.add("-cp");
        command.add(classPath);
        command.add("celeriant.app.Main");
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public String name() {
        return name;
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
        return true;
    }

    @Override
    public IntFunction<Exchange> exchanges(Load load) {
        String event = "{\"type\":\"measured\",\"data\":" + AppendPeer.payload() + "}";
        String body = load.body(event);
        return connection -> HttpExchange.repeating(
                load.eventsPerRequest(), post("/stream/bench-" + connection % load.aggregates() + "/events", body));
    }

    @Override
    public ByteBuffer followRequest() {
        return followAfter(head());
    }

    /** The request that follows the same aggregate behind {@code position}. */
    ByteBuffer followAfter(long position) {
        return get("/events?aggregate=stream/bench-0&after=" + position, "text/event-stream");
    }

    /** The request that appends event {@code number} to it, and the same however often it is sent. */
    ByteBuffer numbered(long number) {
        String body = "{\"type\":\"measured\",\"data\":{\"n\":" + number + "}}";
        String id = "Idempotency-Key: " + new UUID(0, number) + "\r\n";
        return RequestBytes.post("/v1/" + ORG + BENCH_0, authorization() + id + RequestBytes.JSON, body);
    }

    /** The org's position now. */
    private long head() {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/v1/" + ORG + "/events?limit=1"))
                .header("Authorization", "Bearer " + key)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String body =
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Matcher position = POSITION.matcher(body);
            long head = 0;
            while (position.find()) {
                head = Long.parseLong(position.group(1));
            }
            return head;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ByteBuffer appendRequest(String data) {
        return post(BENCH_0, "{\"type\":\"measured\",\"data\":" + data + "}");
    }

    /** A request of the API key's, for an address of its org. */
    ByteBuffer get(String path, String accept) {
        return RequestBytes.get("/v1/" + ORG + path, authorization() + "Accept: " + accept + "\r\n");
    }

    /** The same with a body of JSON. */
    ByteBuffer post(String path, String body) {
        return RequestBytes.post("/v1/" + ORG + path, authorization() + RequestBytes.JSON, body);
    }

    private String authorization() {
        return "Authorization: Bearer " + key + "\r\n";
    }

    @Override
    public void close() {
        process.close();
    }
}

package celeriant.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** This project's gateway on its embedded engine, as a process of its own, with an API key on every request. */
final class CeleriantPeer implements AppendPeer {
    private static final String ORG = "bench";

    private final ServerProcess process;
    private final int port;
    private final String key;

    /** {@code jvmFlags} go to the server's JVM, such as a heap limit or a profiler. */
    CeleriantPeer(Path folder, List<String> jvmFlags) throws IOException, InterruptedException {
        Path data = folder.resolve("data");
        Path keyOutput = folder.resolve("key");
        try (ServerProcess keys = ServerProcess.start(
                command(
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
        Path output = folder.resolve("output");
        process = ServerProcess.start(command(jvmFlags, "serve", "--port", "0", "--data", data.toString()), output);
        String line = process.awaitLine(output, "listening ", Duration.ofSeconds(60));
        port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).replaceAll("\\D", ""));
    }

    static List<String> command(List<String> jvmFlags, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(jvmFlags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("celeriant.app.Main");
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    public String name() {
        return "Celeriant";
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
        String body = load.eventsPerRequest() == 1
                ? event
                : "[" + String.join(",", java.util.Collections.nCopies(load.eventsPerRequest(), event)) + "]";
        return connection -> {
            String request = "POST /v1/" + ORG + "/stream/bench-" + connection % load.aggregates()
                    + "/events HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAuthorization: Bearer " + key
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
            ByteBuffer whole = ByteBuffer.allocateDirect(bytes.length).put(bytes);
            return new HttpExchange(load.eventsPerRequest(), number -> whole.clear());
        };
    }

    @Override
    public void close() {
        process.close();
    }
}

package celeriant.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/** {@link BareWriter} as a process of its own: what the machine itself takes for a delivery. */
final class BareWriterPeer implements StreamPeer {
    private final ServerProcess process;
    private final int port = FreePort.find();

    BareWriterPeer(Path folder) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        process = ServerProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareWriter.class.getName(),
                        Integer.toString(port)),
                output);
        process.awaitLine(output, "listening", Duration.ofSeconds(30));
    }

    @Override
    public String name() {
        return "bare writer";
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
        return false;
    }

    @Override
    public IntFunction<Exchange> exchanges(Load load) {
        return connection -> new HttpExchange(1, number -> appendRequest(AppendPeer.payload()));
    }

    @Override
    public ByteBuffer followRequest() {
        return ascii("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    }

    @Override
    public ByteBuffer appendRequest(String data) {
        return ascii("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + data.length() + "\r\n\r\n" + data);
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        process.close();
    }
}

package celeriant.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
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
        return RequestBytes.get("/", "");
    }

    @Override
    public ByteBuffer appendRequest(String data) {
        return RequestBytes.post("/", "", data);
    }

    @Override
    public void close() {
        process.close();
    }
}

package celeriant.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;

/** Redis Streams with {@code appendfsync always}: its own protocol, no HTTP, no identity. */
final class RedisPeer implements AppendPeer {
    private final int port = FreePort.find();
    private final ServerProcess process;

    RedisPeer(Path binary, Path folder) throws InterruptedException {
        Path output = folder.resolve("output");
        process = ServerProcess.start(
                List.of(
                        binary.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        folder.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always"),
                output);
        TcpReady.await(port, Duration.ofSeconds(10));
    }

    @Override
    public String name() {
        return "Redis Streams (appendfsync always)";
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
        return load.eventsPerRequest() == 1;
    }

    @Override
    public IntFunction<Exchange> exchanges(Load load) {
        return connection -> new RedisExchange("bench-" + connection % load.aggregates(), AppendPeer.payload());
    }

    @Override
    public void close() {
        process.close();
    }
}

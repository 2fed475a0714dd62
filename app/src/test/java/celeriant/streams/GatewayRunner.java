package celeriant.streams;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A gateway as a process of its own on one port and one data folder, killed and started again. */
final class GatewayRunner implements AutoCloseable {
    private static final long START_SECONDS = 180;

    private final Path data;
    private final Path output;
    private final int port;
    private Process process;

    GatewayRunner(Path folder) throws IOException {
        data = folder.resolve("data");
        output = folder.resolve("output");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    Path data() {
        return data;
    }

    int port() {
        return port;
    }

    /** Returns when it listens. */
    synchronized void start() throws IOException, InterruptedException {
        Files.deleteIfExists(output);
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "celeriant.app.Main",
                        "serve",
                        "--port",
                        Integer.toString(port),
                        "--data",
                        data.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.readString(output).contains("listening ")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the gateway does not start: " + Files.readString(output));
            }
            Thread.sleep(10);
        }
    }

    /** As a crash would end it. */
    synchronized void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(START_SECONDS, TimeUnit.SECONDS);
    }

    /** The numbers of its memory, in KiB, as Linux tells them. */
    synchronized long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    @Override
    public synchronized void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}

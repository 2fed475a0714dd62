package celeriant.gateway.deploy;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import celeriant.gateway.tls.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real nginx with the configuration of {@code deploy/nginx}, but for ports and files. */
final class Nginx implements AutoCloseable {
    private static final Path CONFIGURATION = Path.of("../deploy/nginx/celeriant.conf");
    private static final List<String> PLACES = List.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx");
    private static final int START_TRIES = 1_200;
    private static final long TRY_MILLIS = 50;
    private static final long STOP_SECONDS = 10;

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** In front of a gateway on a port of loopback; leaves the test out where there is no nginx. */
    static Nginx before(int gatewayPort, Path folder, TestCertificate certificate)
            throws IOException, InterruptedException {
        String nginx = PLACES.stream()
                .filter(place -> Files.isExecutable(Path.of(place)))
                .findFirst()
                .orElse("");
        assumeTrue(!nginx.isEmpty(), "nginx is not installed (Debian's package nginx)");
        int port = freePort();
        Path ours = Files.writeString(
                folder.resolve("celeriant.conf"),
                Files.readString(CONFIGURATION)
                        .replace("127.0.0.1:8787", "127.0.0.1:" + gatewayPort)
                        .replace("listen 443", "listen 127.0.0.1:" + port)
                        .replace(
                                "/etc/ssl/celeriant/fullchain.pem",
                                certificate.chain().toString())
                        .replace(
                                "/etc/ssl/celeriant/privkey.pem",
                                certificate.key().toString()));
        Path errors = folder.resolve("errors");
        Path main = Files.writeString(folder.resolve("nginx.conf"), """
            daemon off;
            master_process off;
            pid %1$s/pid;
            events {}
            http {
              access_log off;
              client_body_temp_path %1$s/body;
              proxy_temp_path %1$s/proxy;
              fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi;
              scgi_temp_path %1$s/scgi;
              include %2$s;
            }
            """.formatted(folder, ours));
        Process process = new ProcessBuilder(
                        nginx, "-p", folder.toString(), "-c", main.toString(), "-e", errors.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        Nginx started = new Nginx(process, port);
        started.awaitListening(errors);
        return started;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitListening(Path errors) throws IOException, InterruptedException {
        for (int i = 0; i < START_TRIES; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (IOException e) {
                assertTrue(!process.waitFor(TRY_MILLIS, TimeUnit.MILLISECONDS), () -> "nginx ended: " + text(errors));
            }
        }
        throw new IOException("nginx does not listen: " + text(errors));
    }

    private static String text(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return String.join("\n", lines.toList());
        } catch (IOException e) {
            return e.toString();
        }
    }

    String url() {
        return "https://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}

package celeriant.app;

import celeriant.gateway.Gateway;
import celeriant.gateway.GatewayConfig;
import celeriant.log.EventLog;
import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.embedded.EmbeddedEventLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A gateway on the embedded engine in one data folder: {@code log/} is the engine's, {@code secret} what tokens are
 * signed with. Stops gracefully when the process is told to end.
 */
final class Server implements AutoCloseable {
    private final EventLog log;
    private final Gateway gateway;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Server(EventLog log, Gateway gateway) {
        this.log = log;
        this.gateway = gateway;
    }

    /** Opens the folder and serves. */
    static Server start(Path data, GatewayConfig config) {
        DataFolder folder = DataFolder.open(data);
        EventLog log = openLog(folder);
        try {
            Gateway gateway = Gateway.builder(log)
                    .config(config)
                    .tokenSecret(folder.tokenSecret())
                    .start();
            Server server = new Server(log, gateway);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "celeriant-stop"));
            return server;
        } catch (RuntimeException e) {
            log.close();
            throw new CannotRunException(
                    "cannot serve on " + config.host() + ":" + config.port() + ": " + e.getMessage(), e);
        }
    }

    private static EventLog openLog(DataFolder folder) {
        try {
            return EmbeddedEventLog.open(folder.log(), EmbeddedConfig.DEFAULT);
        } catch (IOException | RuntimeException e) {
            throw new CannotRunException("cannot open the log in " + folder.log() + ": " + e.getMessage(), e);
        }
    }

    String url() {
        return gateway.url();
    }

    /** Waits until {@link #close} is done. */
    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    @Override
    public void close() {
        if (stopped.getCount() > 0) {
            gateway.close();
            log.close();
            stopped.countDown();
        }
    }
}

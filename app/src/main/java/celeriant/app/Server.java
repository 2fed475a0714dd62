package celeriant.app;

import celeriant.gateway.Gateway;
import celeriant.gateway.GatewayConfig;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.http.PageFiles;
import celeriant.gateway.operator.Operator;
import celeriant.gateway.operator.OperatorFile;
import celeriant.log.Admission;
import celeriant.log.EventLog;
import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.embedded.EmbeddedEventLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;

/**
 * A gateway on the embedded engine in one data folder: {@code log/} is the engine's, {@code secret} what tokens are
 * signed with. Stops gracefully when the process is told to end.
 */
final class Server implements AutoCloseable {
    private final EventLog log;
    private final Gateway gateway;
    private final BackupRequests backups;
    private final RetentionPlan.Sweeping retention;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Server(EventLog log, Gateway gateway, BackupRequests backups, RetentionPlan.Sweeping retention) {
        this.log = log;
        this.gateway = gateway;
        this.backups = backups;
        this.retention = retention;
    }

    /** Opens the folder and serves; {@code others} is what orgs allow on loopback that the operator has not made. */
    static Server start(
            Path data, ServeOptions options, OrgPolicy others, Optional<PageFiles> page, RetentionPlan retention) {
        GatewayConfig config = options.config();
        DataFolder folder = DataFolder.open(data);
        Operator operator = operator(data, config, others);
        EmbeddedEventLog log = openLog(folder, Gateway.admission(operator));
        try {
            Gateway.Builder builder = Gateway.builder(log)
                    .config(config)
                    .operator(operator)
                    .oidc(options.issuers())
                    .tokenSecret(folder.tokenSecret())
                    .signatures(FastSignatures.find());
            page.ifPresent(builder::page);
            Server server = new Server(log, builder.start(), BackupRequests.answer(data, log), retention.start(log));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "celeriant-stop"));
            return server;
        } catch (RuntimeException e) {
            log.close();
            throw new CannotRunException(
                    "cannot serve on " + config.host() + ":" + config.port() + ": " + e.getMessage(), e);
        }
    }

    /** On loopback without public URLs any org will do. */
    private static Operator operator(Path data, GatewayConfig config, OrgPolicy others) {
        try {
            boolean local = config.isLoopback() && config.publicUrls().isEmpty();
            return new Operator(new OperatorFile(data), local ? Optional.of(others) : Optional.empty());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
    }

    private static EmbeddedEventLog openLog(DataFolder folder, Admission admission) {
        try {
            return EmbeddedEventLog.open(folder.log(), EmbeddedConfig.DEFAULT, admission);
        } catch (IOException | RuntimeException e) {
            throw new CannotRunException("cannot open the log in " + folder.log() + ": " + e.getMessage(), e);
        }
    }

    String url() {
        return gateway.url();
    }

    /** Tells whoever started it that it serves now, and where. */
    void announce(CommandLine command) {
        command.getErr().println("admin " + gateway.adminUrl());
        command.getErr().flush();
        command.getOut().println("listening " + gateway.url());
        command.getOut().flush();
    }

    /** Waits until {@link #close} is done. */
    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    @Override
    public void close() {
        if (stopped.getCount() > 0) {
            gateway.close();
            backups.close();
            retention.close();
            log.close();
            stopped.countDown();
        }
    }
}

package celeriant.app;

import celeriant.app.settings.LoggingConfig;
import celeriant.app.settings.ServerConfig;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * A gateway on the embedded engine in one data folder: {@code log/} is the engine's, {@code secret} what tokens are
 * signed with. Stops gracefully when the process is told to end.
 */
final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

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
    static Server start(Path data, ServerConfig server, OrgPolicy others, Optional<PageFiles> page) {
        GatewayConfig config = server.gateway();
        DataFolder folder = DataFolder.open(data);
        Operator operator = operator(data, config, others);
        EmbeddedEventLog log = openLog(folder, server.log(), Gateway.admission(operator));
        try {
            Gateway.Builder builder = Gateway.builder(log)
                    .config(config)
                    .operator(operator)
                    .oidc(server.oidc())
                    .tokenSecret(folder.tokenSecret())
                    .signatures(FastSignatures.find());
            page.ifPresent(builder::page);
            RetentionPlan retention = new RetentionPlan(server.retention(), server.retentionEvery());
            Server started = new Server(log, builder.start(), BackupRequests.answer(data, log), retention.start(log));
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "celeriant-stop"));
            return started;
        } catch (RuntimeException e) {
            log.close();
            throw new CannotRunException("cannot serve: " + e.getMessage(), e);
        }
    }

    /** Where nobody but this machine reaches it, any org will do. */
    private static Operator operator(Path data, GatewayConfig config, OrgPolicy others) {
        try {
            return new Operator(new OperatorFile(data), config.isPublic() ? Optional.empty() : Optional.of(others));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
    }

    private static EmbeddedEventLog openLog(DataFolder folder, EmbeddedConfig config, Admission admission) {
        try {
            return EmbeddedEventLog.open(folder.log(), config, admission);
        } catch (IOException | RuntimeException e) {
            throw new CannotRunException("cannot open the log in " + folder.log() + ": " + e.getMessage(), e);
        }
    }

    String url() {
        return gateway.url();
    }

    /** Tells whoever started it that it serves now, and where. */
    void announce(CommandLine command, ServerConfig config) {
        LOG.atInfo()
                .addKeyValue("url", gateway.url())
                .addKeyValue("bound", gateway.bound())
                .addKeyValue("admin", gateway.adminUrl())
                .log("serving");
        if (config.logging().format() == LoggingConfig.Format.TEXT) {
            if (!config.gateway().publicUrls().isEmpty()) {
                command.getErr().println("bound " + gateway.bound());
            }
            command.getErr().println("admin " + gateway.adminUrl());
            command.getErr().flush();
        }
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
            LOG.info("stopping");
            gateway.close();
            backups.close();
            retention.close();
            log.close();
            LOG.info("stopped");
            stopped.countDown();
        }
    }
}

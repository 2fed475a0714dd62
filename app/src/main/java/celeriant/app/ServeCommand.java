package celeriant.app;

import celeriant.gateway.access.OrgPolicy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code celeriant serve}: the gateway on its embedded engine, until it is told to stop. */
@Command(name = "serve", description = "Run the gateway on a data folder.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServeOptions options;

    @Mixin
    private RetentionOptions retention;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "Folder of the data; made if missing.")
    private Path data;

    @Override
    public Integer call() throws InterruptedException {
        Server server = Server.start(data, options, OrgPolicy.LOCAL, Optional.empty(), retention.plan());
        server.announce(spec.commandLine());
        server.awaitStop();
        return 0;
    }
}

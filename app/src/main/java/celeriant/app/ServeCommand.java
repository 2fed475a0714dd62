package celeriant.app;

import celeriant.app.settings.ServerConfig;
import celeriant.gateway.access.OrgPolicy;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code celeriant serve}: the gateway on its embedded engine, until it is told to stop. */
@Command(name = "serve", description = "Run the gateway on a data folder.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer>, Serving {
    @Spec
    private CommandSpec spec;

    private ServeOptions options;

    @Override
    public void takeOptions(ServeOptions newOptions) {
        options = newOptions;
    }

    @Override
    public Integer call() throws InterruptedException {
        ServerConfig config = options.config();
        if (config.data() == null) {
            throw new CannotRunException("name the folder of the data: --data DIR");
        }
        Messages.as(config.logging());
        Server server = Server.start(config.data(), config, OrgPolicy.LOCAL, Optional.empty());
        server.announce(spec.commandLine(), config);
        server.awaitStop();
        return 0;
    }
}

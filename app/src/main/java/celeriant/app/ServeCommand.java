package celeriant.app;

import celeriant.gateway.GatewayConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code celeriant serve}: the gateway on its embedded engine, until it is told to stop. */
@Command(name = "serve", description = "Run the gateway on a data folder.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "N", defaultValue = "8787", description = "0: any free one (default 8787).")
    private int port;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "Folder of the data; made if missing.")
    private Path data;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to bind (default 127.0.0.1).")
    private String host;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "A URL under which callers reach the gateway; may repeat. Needed off loopback.")
    private List<String> publicUrls = List.of();

    @Option(
            names = "--cors-origin",
            paramLabel = "ORIGIN",
            description = "An origin whose pages may call the gateway, or *; may repeat.")
    private Set<String> corsOrigins = Set.of();

    @Override
    public Integer call() throws InterruptedException {
        GatewayConfig config;
        try {
            config = GatewayConfig.loopback(port).withHost(host, publicUrls).withCorsOrigins(corsOrigins);
        } catch (IllegalArgumentException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
        Server server = Server.start(data, config);
        spec.commandLine().getOut().println("listening " + server.url());
        spec.commandLine().getOut().flush();
        server.awaitStop();
        return 0;
    }
}

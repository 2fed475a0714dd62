package celeriant.app;

import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.http.PageFiles;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code celeriant demo}: the gateway with the shared canvas at its root. */
@Command(name = "demo", description = "Run the gateway with the shared canvas.", mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServeOptions options;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the data; made if missing.")
    private Path data;

    @Option(names = "--default-data", paramLabel = "DIR", hidden = true, defaultValue = ".celeriant/demo")
    private Path defaultData;

    @Option(names = "--page", paramLabel = "DIR", required = true, description = "Folder of the page, built.")
    private Path page;

    @Override
    public Integer call() throws InterruptedException {
        Path folder = data == null ? defaultData : data;
        Server server = Server.start(folder, options, OrgPolicy.DEMO, Optional.of(read(page)), RetentionPlan.KEEP_ALL);
        server.announce(spec.commandLine());
        spec.commandLine()
                .getErr()
                .printf(
                        "%n  The canvas is at %s/%n  Open it in two browsers, switch one to Offline, draw, come back.%n"
                                + "  Everything is kept in %s. Ctrl-C stops.%n%n",
                        server.url(), folder.toAbsolutePath().normalize());
        spec.commandLine().getErr().flush();
        server.awaitStop();
        return 0;
    }

    private static PageFiles read(Path folder) {
        try {
            return PageFiles.read(folder);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
    }
}

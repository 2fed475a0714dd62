package celeriant.app;

import celeriant.app.settings.ServerConfig;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.http.PageFiles;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code celeriant demo}: the gateway with the shared canvas at its root, and the field survey beside it. */
@Command(name = "demo", description = "Run the gateway with the examples.", mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer>, Serving {
    @Spec
    private CommandSpec spec;

    private ServeOptions options;

    @Option(names = "--default-data", paramLabel = "DIR", hidden = true, defaultValue = ".celeriant/demo")
    private Path defaultData;

    @Option(names = "--page", paramLabel = "DIR", required = true, description = "Folder of the canvas, built.")
    private Path page;

    @Option(names = "--survey", paramLabel = "DIR", required = true, description = "Folder of the survey, built.")
    private Path survey;

    @Override
    public void takeOptions(ServeOptions newOptions) {
        options = newOptions;
    }

    @Override
    public Integer call() throws InterruptedException {
        ServerConfig config = options.config();
        Path folder = config.data() == null ? defaultData : config.data();
        Messages.as(config.logging());
        Server server = Server.start(folder, config, OrgPolicy.DEMO, Optional.of(pages()));
        server.announce(spec.commandLine(), config);
        spec.commandLine()
                .getErr()
                .printf(
                        "%n  The canvas is at %1$s/, the field survey at %1$s/survey/%n"
                                + "  Open one in two browsers, switch one of them to Offline, go on, come back.%n"
                                + "  Everything is kept in %2$s. Ctrl-C stops.%n%n",
                        server.url(), folder.toAbsolutePath().normalize());
        spec.commandLine().getErr().flush();
        server.awaitStop();
        return 0;
    }

    private PageFiles pages() {
        try {
            return PageFiles.read(page).and("/survey/", survey);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
    }
}

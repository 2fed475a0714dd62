package celeriant.app;

import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.embedded.EmbeddedEventLog;
import celeriant.log.embedded.disk.FolderInUseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code celeriant backup}: the log and what the gateway keeps beside it, into a folder that a gateway can serve. If a
 * gateway runs on the data, it makes the backup itself.
 */
@Command(
        name = "backup",
        description = "Copy a data folder, running or not, into another one; only what is new since the last time.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    private static final long TAKEN_MILLIS = 10_000;
    private static final String[] BESIDE = {"operator.json", "secret"};

    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "The gateway's data folder.")
    private Path data;

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "The backup's folder; made if missing.")
    private Path to;

    @Override
    public Integer call() {
        if (!Files.exists(DataFolder.log(data))) {
            throw new CannotRunException("there is no log in " + data);
        }
        try {
            Files.createDirectories(to);
            String done = backup(DataFolder.log(to));
            for (String name : BESIDE) {
                if (Files.exists(data.resolve(name))) {
                    Files.copy(
                            data.resolve(name),
                            to.resolve(name),
                            StandardCopyOption.REPLACE_EXISTING,
                            StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
            spec.commandLine().getOut().println(done);
            spec.commandLine().getOut().flush();
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            throw new CannotRunException("cannot back up " + data + " to " + to + ": " + e.getMessage(), e);
        }
    }

    private String backup(Path target) throws IOException {
        try (EmbeddedEventLog log = EmbeddedEventLog.open(DataFolder.log(data), EmbeddedConfig.DEFAULT)) {
            return BackupRequests.sentence(log.backup(target));
        } catch (FolderInUseException e) {
            return BackupRequests.ask(data, target, TAKEN_MILLIS);
        }
    }
}

package celeriant.app;

import celeriant.log.embedded.verify.Verify;
import celeriant.log.embedded.verify.VerifyReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code celeriant verify}: proves that a data folder is whole. Reads only; the gateway must not run on the folder. */
@Command(
        name = "verify",
        description = "Check every byte of a data folder that no gateway has open. Exit code 0: good, 1: not.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "The gateway's data folder.")
    private Path data;

    @Override
    public Integer call() {
        VerifyReport report = check(DataFolder.log(data));
        PrintWriter out = spec.commandLine().getOut();
        out.println("log " + (report.logId().isEmpty() ? "(unknown)" : report.logId()));
        out.println(report.segments() + " segments, " + report.records() + " records in " + report.bytes() + " bytes, "
                + report.appends() + " appends, " + report.events() + " events");
        out.println(
                report.durableUpTo().isEmpty()
                        ? "up to where it was durable is not known"
                        : "durable up to " + report.durableUpTo());
        report.findings().forEach(out::println);
        out.println(report.isGood() ? "good" : "NOT GOOD: " + report.findings().size() + " findings");
        out.flush();
        return report.isGood() ? 0 : 1;
    }

    private static VerifyReport check(Path folder) {
        try {
            return Verify.folder(folder);
        } catch (NoSuchFileException e) {
            throw new CannotRunException("there is no log in " + folder, e);
        } catch (IllegalStateException e) {
            throw new CannotRunException(e.getMessage(), e);
        } catch (IOException e) {
            throw new CannotRunException("cannot read " + folder + ": " + e, e);
        }
    }
}

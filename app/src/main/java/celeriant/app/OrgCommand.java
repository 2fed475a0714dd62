package celeriant.app;

import celeriant.gateway.operator.OperatorFile;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code celeriant org}: the orgs of a gateway. A running one notices within a second or so. */
@Command(name = "org", description = "Make and list orgs.", mixinStandardHelpOptions = true)
final class OrgCommand {
    @Spec
    private CommandSpec spec;

    @Command(name = "create", description = "Make an org, or change its admission.", mixinStandardHelpOptions = true)
    int create(
            @Option(names = "--data", paramLabel = "DIR", required = true, description = "The gateway's data folder.")
                    Path data,
            @Option(
                            names = "--admission",
                            paramLabel = "HOW",
                            defaultValue = "members",
                            description = "open: any proved device may create aggregates; members (default).")
                    String admission,
            @Parameters(paramLabel = "ORG", description = "The org's name.") String org) {
        if (!admission.equals("open") && !admission.equals("members")) {
            throw new CannotRunException("--admission " + admission + ": an admission is open or members");
        }
        OperatorFiles.use(data, file -> {
            file.putOrg(org, admission.equals("open"));
            return org;
        });
        return 0;
    }

    @Command(
            name = "list",
            description = "List the orgs that were made, and their admission.",
            mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--data", paramLabel = "DIR", required = true, description = "The gateway's data folder.")
                    Path data) {
        OperatorFiles.use(data, OperatorFile::read)
                .orgs()
                .forEach((name, open) -> spec.commandLine().getOut().println(name + " " + (open ? "open" : "members")));
        spec.commandLine().getOut().flush();
        return 0;
    }
}

package celeriant.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code celeriant} command. */
@Command(
        name = "celeriant",
        description = "An ordered, durable event log and the local-first sync on it.",
        subcommands = {
            ServeCommand.class,
            DemoCommand.class,
            OrgCommand.class,
            KeyCommand.class,
            BackupCommand.class,
            VerifyCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main {
    private Main() {}

    /** Runs the command and ends the process with its status: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((fault, command, parsed) -> {
            if (fault instanceof CannotRunException cannot) {
                command.getErr().println("celeriant: " + cannot.getMessage());
                return 1;
            }
            throw fault;
        });
    }
}

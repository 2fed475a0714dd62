package celeriant.app;

import celeriant.app.settings.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

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
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    static CommandLine commandLine(Map<String, String> environment) {
        CommandLine main = new CommandLine(new Main());
        for (CommandLine command : main.getSubcommands().values()) {
            if (command.getCommand() instanceof Serving serving) {
                serving.takeOptions(ServeOptions.on(command.getCommandSpec(), environment));
            }
        }
        main.setParameterExceptionHandler(Main::refuse);
        return main.setExecutionExceptionHandler((fault, command, parsed) -> {
            if (fault instanceof CannotRunException cannot) {
                command.getErr().println("celeriant: " + cannot.getMessage());
                return 1;
            }
            throw fault;
        });
    }

    /** Usage is long; what is wrong, and what was probably meant, is one line. */
    private static int refuse(ParameterException fault, String[] arguments) {
        CommandLine command = fault.getCommandLine();
        command.getErr().println("celeriant: " + fault.getMessage() + meant(fault, command.getCommandSpec()));
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String meant(ParameterException fault, CommandSpec command) {
        List<String> known = new ArrayList<>(command.subcommands().keySet());
        known.addAll(command.optionsMap().keySet());
        return fault instanceof UnmatchedArgumentException unmatched
                ? "; did you mean " + Nearest.to(unmatched.getUnmatched().getFirst(), known) + "?"
                : "";
    }
}

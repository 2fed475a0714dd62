package celeriant.app;

import celeriant.gateway.access.Principal;
import celeriant.gateway.operator.ApiKey;
import celeriant.gateway.operator.OperatorFile;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code celeriant key}: API keys of backends. A running gateway notices within a second or so. */
@Command(
        name = "key",
        description = "Make, list and withdraw the API keys of backends.",
        mixinStandardHelpOptions = true)
final class KeyCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "create",
            description = "Make a key and print it: it is shown this once.",
            mixinStandardHelpOptions = true)
    int create(
            @Option(names = "--data", paramLabel = "DIR", required = true, description = "The gateway's data folder.")
                    Path data,
            @Option(names = "--org", paramLabel = "ORG", required = true, description = "The one org that it is for.")
                    String org,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            required = true,
                            description = "The backend's name; its client id is svc.NAME.")
                    String name,
            @Option(
                            names = "--scope",
                            paramLabel = "SCOPE",
                            defaultValue = "append",
                            description = "read, append or admin (default append).")
                    String scope) {
        Principal.Scope parsed = scope(scope);
        SecureRandom random = new SecureRandom();
        String key = OperatorFiles.use(
                data,
                file -> file.createKey(org, name, parsed, count -> {
                    byte[] bytes = new byte[count];
                    random.nextBytes(bytes);
                    return bytes;
                }));
        spec.commandLine().getOut().println(key);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static Principal.Scope scope(String word) {
        for (Principal.Scope scope : Principal.Scope.values()) {
            if (scope.name().toLowerCase(Locale.ROOT).equals(word)) {
                return scope;
            }
        }
        throw new CannotRunException("--scope " + word + ": a scope is read, append or admin");
    }

    @Command(name = "list", description = "List the keys, without their secrets.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--data", paramLabel = "DIR", required = true, description = "The gateway's data folder.")
                    Path data) {
        for (ApiKey key : OperatorFiles.use(data, OperatorFile::read).keys()) {
            String scope = key.scope().name().toLowerCase(Locale.ROOT);
            spec.commandLine().getOut().println(key.id() + " " + key.org() + " " + key.name() + " " + scope);
        }
        spec.commandLine().getOut().flush();
        return 0;
    }

    @Command(name = "delete", description = "Withdraw a key.", mixinStandardHelpOptions = true)
    int delete(
            @Option(names = "--data", paramLabel = "DIR", required = true, description = "The gateway's data folder.")
                    Path data,
            @Parameters(paramLabel = "ID", description = "The key's id, as list prints it.") String id) {
        if (!OperatorFiles.use(data, file -> file.deleteKey(id))) {
            throw new CannotRunException("there is no key " + id);
        }
        return 0;
    }
}

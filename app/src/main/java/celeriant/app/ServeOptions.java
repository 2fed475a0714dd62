package celeriant.app;

import celeriant.app.settings.ServerConfig;
import celeriant.app.settings.Setting;
import celeriant.app.settings.SettingSources;
import celeriant.app.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The settings of a gateway's process as flags of the commands that run one. */
final class ServeOptions {
    private static final String FILE_FLAG = "--config";

    /** What is on the reference page, and not in the help: limits, threads, the engine. */
    private static final Pattern RARE = Pattern.compile("(limits|log)\\..*|.*(Threads|Loops|WaitingMax|BytesMax)");

    private final Settings<ServerConfig> settings;
    private final Map<String, String> environment;
    private final CommandSpec command;

    private ServeOptions(Settings<ServerConfig> settings, Map<String, String> environment, CommandSpec command) {
        this.settings = settings;
        this.environment = environment;
        this.command = command;
    }

    /** Adds them to {@code command}; they are read from its command line and from {@code environment}. */
    static ServeOptions on(CommandSpec command, Map<String, String> environment) {
        Settings<ServerConfig> settings = ServerConfig.settings(
                ServerConfig.forProcessors(Runtime.getRuntime().availableProcessors()));
        command.addOption(OptionSpec.builder(FILE_FLAG)
                .type(Path.class)
                .paramLabel("FILE")
                .description("Settings as lines of key = value; here, or in the environment's CELERIANT_CONFIG.")
                .build());
        settings.all().forEach(setting -> command.addOption(option(setting)));
        command.usageMessage()
                .footer(
                        "",
                        "Every option may be in the file, too, and in the environment: --public-urls is publicUrls"
                            + " there and CELERIANT_PUBLIC_URLS here. Flags win over the environment, that over the"
                            + " file. Limits, threads and the engine have more: docs/reference/configuration.md.%n");
        return new ServeOptions(settings, environment, command);
    }

    private static String description(Setting setting) {
        Object value = setting.byDefault();
        String shown =
                value == null || setting.isList() ? "" : " (" + value.toString().toLowerCase(Locale.ROOT) + ")";
        return (setting.meaning().replace("`", "") + shown).replace("%", "%%");
    }

    private static OptionSpec option(Setting setting) {
        OptionSpec.Builder option = OptionSpec.builder(setting.flag())
                .paramLabel(setting.isList() ? "VALUE…" : "VALUE")
                .description(description(setting))
                .hidden(RARE.matcher(setting.key()).matches());
        if (setting.isList()) {
            option.arity("1").type(List.class).auxiliaryTypes(String.class);
        } else if (setting.type() == boolean.class) {
            option.arity("0..1").fallbackValue("true").type(String.class);
        } else {
            option.arity("1").type(String.class);
        }
        return option.build();
    }

    /** What was given in all places. */
    ServerConfig config() {
        try {
            SettingSources sources = new SettingSources(settings);
            Path file = file();
            if (file != null) {
                sources.file(file);
            }
            sources.environment(environment);
            for (Setting setting : settings.all()) {
                Object value = command.findOption(setting.flag()).getValue();
                if (value != null) {
                    sources.flag(setting, values(value));
                }
            }
            return settings.with(sources.given());
        } catch (IllegalArgumentException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
    }

    private static List<String> values(Object value) {
        return value instanceof List<?> many
                ? many.stream().map(Object::toString).toList()
                : List.of(value.toString());
    }

    private Path file() {
        Path flag = command.findOption(FILE_FLAG).getValue();
        String variable = environment.getOrDefault(SettingSources.FILE_VARIABLE, "");
        return flag != null || variable.isBlank() ? flag : Path.of(variable);
    }
}

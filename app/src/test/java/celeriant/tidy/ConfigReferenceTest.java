package celeriant.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.app.settings.ServerConfig;
import celeriant.app.settings.Setting;
import celeriant.gateway.GatewayConfig;
import celeriant.log.embedded.EmbeddedConfig;
import celeriant.model.Limits;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The reference page of the configuration, and what the flags' help says, are made from the records: names, types and
 * defaults from the classes, meanings from their comments. {@code -Dtidy.write=true} writes both anew.
 */
class ConfigReferenceTest {
    private static final String PAGE = "docs/reference/configuration.md";
    private static final String HELP = "app/src/main/resources/celeriant/app/settings/meanings.txt";
    private static final Pattern PARAMETER = Pattern.compile("@param (\\w+) (.+?)(?= @param |$)");
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;

    private final Tree tree = Tree.read();
    private final Map<String, String> meanings = meanings();

    @Test
    void thePageSaysWhatTheRecordsSay() throws IOException {
        assertWritten(PAGE, page());
    }

    @Test
    void theHelpOfTheFlagsSaysWhatTheRecordsSay() throws IOException {
        StringBuilder help = new StringBuilder();
        meanings.forEach(
                (key, meaning) -> help.append(key).append(": ").append(meaning).append('\n'));
        assertWritten(HELP, help.toString());
    }

    private void assertWritten(String name, String wanted) throws IOException {
        Path file = tree.root().resolve(name);
        if (Boolean.getBoolean("tidy.write")) {
            Files.writeString(file, wanted);
        }
        assertEquals(wanted, Tree.text(file), name + " is not what the records say; -Dtidy.write=true writes it");
    }

    private String page() {
        List<Setting> small = settings(1);
        List<Setting> large = settings(64);
        StringBuilder page = new StringBuilder("""
            # Configuration

            What `celeriant serve` and `celeriant demo` may be told. This page is made from the records
            [`ServerConfig`](../../%s), [`GatewayConfig`](../../%s),
            [`Limits`](../../%s) and
            [`EmbeddedConfig`](../../%s), which check each value and name a wrong one with its limits. A
            program that embeds the gateway or the log gives the same records.

            A setting has one name in three spellings. `limits.bodyBytesMax` is

            - `limits.bodyBytesMax = 4 MiB` in the file that `--config FILE` or `CELERIANT_CONFIG` names (lines that begin with `#`
              are not read),
            - `CELERIANT_LIMITS_BODY_BYTES_MAX` in the environment,
            - `--limits-body-bytes-max` on the command line.

            The command line wins over the environment, and that over the file. The elements of a list stand between spaces in the file
            and in the environment; a list's line, or its flag, may repeat. An unknown name is refused. Bytes may be written with
            `KiB`, `MiB` or `GiB`, times as `90s`, `10m`, `24h`, `30d`.

            | Key | Type | Default | Meaning |
            |---|---|---|---|
            """.formatted(
                        source(ServerConfig.class),
                        source(GatewayConfig.class),
                        source(Limits.class),
                        source(EmbeddedConfig.class)));
        for (int i = 0; i < small.size(); i++) {
            Setting setting = small.get(i);
            boolean byMachine = !String.valueOf(setting.byDefault())
                    .equals(String.valueOf(large.get(i).byDefault()));
            page.append("| `").append(setting.key());
            page.append("` | ").append(type(setting));
            page.append(" | ").append(byMachine ? "by the machine" : shown(setting));
            page.append(" | ").append(meanings.get(setting.key())).append(" |\n");
        }
        return page.toString();
    }

    private static List<Setting> settings(int processors) {
        return ServerConfig.settings(ServerConfig.forProcessors(processors)).all();
    }

    private static String type(Setting setting) {
        if (setting.type().isEnum()) {
            return "name";
        }
        return (setting.isList() ? "list of " : "")
                + setting.type().getSimpleName().replace("String", "text").replace("Path", "path");
    }

    private static String shown(Setting setting) {
        Object value = setting.byDefault();
        if (value == null || value instanceof Collection<?> many && many.isEmpty()) {
            return "";
        }
        if (value instanceof Number number) {
            return number(setting.key().contains("Bytes"), number.longValue());
        }
        if (value instanceof Duration time) {
            return time.toString().substring(time.toString().indexOf('T') + 1).toLowerCase(Locale.ROOT);
        }
        if (value instanceof Enum<?> choice) {
            return choice.name().toLowerCase(Locale.ROOT);
        }
        return value.toString();
    }

    private static String number(boolean isBytes, long count) {
        if (isBytes && count > 0 && count % MIB == 0) {
            return count / MIB + " MiB";
        }
        return isBytes && count > 0 && count % KIB == 0
                ? count / KIB + " KiB"
                : String.format(Locale.ROOT, "%,d", count);
    }

    /** Of every setting, by key. */
    private Map<String, String> meanings() {
        Map<String, String> found = new LinkedHashMap<>();
        Map<Class<?>, Map<String, String>> comments = new LinkedHashMap<>();
        for (Setting setting : settings(1)) {
            int dot = setting.key().lastIndexOf('.');
            String name = setting.key().substring(dot + 1);
            Class<?> record = record(dot < 0 ? "" : setting.key().substring(0, dot), name);
            String meaning = comments.computeIfAbsent(record, this::comment).get(name);
            assertEquals(true, meaning != null, record.getSimpleName() + " says nothing of " + name);
            found.put(setting.key(), meaning);
        }
        return found;
    }

    private static Class<?> record(String section, String name) {
        Class<?> record = ServerConfig.class;
        if (section.isEmpty() && component(record, name) == null) {
            return GatewayConfig.class;
        }
        for (String part : section.isEmpty() ? new String[0] : section.split("\\.")) {
            Class<?> inner = component(record, part);
            record = inner == null ? component(GatewayConfig.class, part) : inner;
        }
        return record;
    }

    private static Class<?> component(Class<?> record, String name) {
        for (RecordComponent component : record.getRecordComponents()) {
            if (component.getName().equals(name)) {
                return component.getType();
            }
        }
        return null;
    }

    private Map<String, String> comment(Class<?> record) {
        String source = Tree.text(tree.root().resolve(source(record)));
        String comment = source.substring(source.indexOf("/**"), source.indexOf("*/"))
                .replaceAll("\\n \\*", " ")
                .replaceAll("\\s+", " ");
        Map<String, String> said = new TreeMap<>();
        Matcher parameters = PARAMETER.matcher(comment);
        while (parameters.find()) {
            said.put(parameters.group(1), parameters.group(2).strip().replaceAll("\\{@code ([^}]*)}", "`$1`"));
        }
        for (String name : said.keySet()) {
            assertEquals(true, component(record, name) != null, record.getSimpleName() + " has no " + name);
        }
        return said;
    }

    private String source(Class<?> type) {
        String ending = "src/main/java/" + type.getName().replace('.', '/') + ".java";
        return tree.java(name -> name.endsWith(ending)).stream()
                .map(tree::relative)
                .findFirst()
                .orElseThrow();
    }
}

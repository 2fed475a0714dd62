package celeriant.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.log.embedded.EmbeddedConfig;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The reference page of the engine's configuration is made from the record: names, types and defaults from the class,
 * meanings from its comment. {@code -Dtidy.write=true} writes the page anew.
 */
class ConfigReferenceTest {
    private static final String RECORD = "log/src/main/java/celeriant/log/embedded/EmbeddedConfig.java";
    private static final String PAGE = "docs/reference/embedded-config.md";
    private static final Pattern PARAMETER = Pattern.compile("@param (\\w+) (.+?)(?= @param |$)");
    private static final long MIB = 1 << 20;

    private final Tree tree = Tree.read();

    @Test
    void thePageSaysWhatTheRecordSays() throws IOException, ReflectiveOperationException {
        Path file = tree.root().resolve(PAGE);
        if (Boolean.getBoolean("tidy.write")) {
            Files.writeString(file, page());
        }
        assertEquals(page(), Tree.text(file), PAGE + " is not what EmbeddedConfig says; -Dtidy.write=true writes it");
    }

    private String page() throws ReflectiveOperationException {
        StringBuilder page = new StringBuilder("""
            # Configuration of the embedded engine

            What [`EmbeddedConfig`](../../%s) holds; this page is made from it. Each value is checked when the
            record is made, and a wrong one is named with its limits. `EmbeddedConfig.DEFAULT` holds the defaults, the
            `with…` methods change them. Nothing here changes what is kept or answered, but for when.

            | Name | Type | Default | Meaning |
            |---|---|---|---|
            """.formatted(RECORD));
        Map<String, String> meanings = meanings();
        for (RecordComponent component : EmbeddedConfig.class.getRecordComponents()) {
            Object value = component.getAccessor().invoke(EmbeddedConfig.DEFAULT);
            String meaning = meanings.remove(component.getName());
            page.append("| `").append(component.getName());
            page.append("` | ").append(component.getType().getSimpleName());
            page.append(" | ").append(shown(component.getName(), value));
            page.append(" | ").append(meaning).append(" |\n");
        }
        assertEquals(Map.of(), meanings, "the comment describes what the record does not have");
        return page.toString();
    }

    private Map<String, String> meanings() {
        String source = Tree.text(tree.root().resolve(RECORD));
        String comment = source.substring(source.indexOf("/**"), source.indexOf("*/"))
                .replaceAll("\\n \\*", " ")
                .replaceAll("\\s+", " ");
        Map<String, String> meanings = new TreeMap<>();
        Matcher parameters = PARAMETER.matcher(comment);
        while (parameters.find()) {
            meanings.put(parameters.group(1), parameters.group(2).strip().replaceAll("\\{@code ([^}]*)}", "`$1`"));
        }
        return meanings;
    }

    private static String shown(String name, Object value) {
        if (value instanceof Number number) {
            long count = number.longValue();
            boolean isBytes = name.contains("Bytes") && count > 0 && count % MIB == 0;
            return isBytes ? count / MIB + " MiB" : String.format(Locale.ROOT, "%,d", count);
        }
        return value.toString();
    }
}

package celeriant.app.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where settings are given, the weakest first: a file of lines {@code key = value}, the environment, flags. In the file
 * and in the environment the elements of a list stand between spaces; a list's line may repeat. A name that is none is
 * refused with the nearest that is one.
 */
public final class SettingSources {
    /** What Kubernetes tells every container of a pod about a service of the name "celeriant". */
    private static final Pattern SERVICE_LINK = Pattern.compile("CELERIANT_(SERVICE_(HOST|PORT\\w*)=.*"
            + "|PORT(_\\d+_(TCP|UDP|SCTP))?=\\w+://.*"
            + "|PORT_\\d+_(TCP|UDP|SCTP)_(PROTO|PORT|ADDR)=.*)");

    /** Names the file, in the environment. */
    public static final String FILE_VARIABLE = Setting.PREFIX + "CONFIG";

    private final Settings<?> settings;
    private final Map<String, Given> given = new TreeMap<>();

    public SettingSources(Settings<?> settings) {
        this.settings = settings;
    }

    /** What was given, by key; of what was given twice, the last. */
    public Map<String, Given> given() {
        return Map.copyOf(given);
    }

    /** Adds what a file says. */
    public SettingSources file(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no configuration " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the configuration " + file + ": " + e, e);
        }
        Map<String, Given> said = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                line(line, file + " line " + (i + 1), said);
            }
        }
        given.putAll(said);
        return this;
    }

    private void line(String line, String source, Map<String, Given> said) {
        int sign = line.indexOf('=');
        if (sign < 1) {
            throw new IllegalArgumentException(source + ": a line is key = value, or begins with #");
        }
        String key = line.substring(0, sign).strip();
        Setting setting = settings.of(key);
        if (setting == null) {
            List<String> known = settings.all().stream().map(Setting::key).toList();
            throw new IllegalArgumentException(
                    source + ": " + key + " is no setting; did you mean " + Nearest.to(key, known) + "?");
        }
        Given now = given(setting, line.substring(sign + 1), source);
        Given before = said.get(key);
        if (before != null && !setting.isList()) {
            throw new IllegalArgumentException(source + ": " + key + " is given twice, first at " + before.source());
        }
        said.put(key, before == null ? now : both(before, now));
    }

    private static Given both(Given before, Given now) {
        List<String> texts = new ArrayList<>(before.texts());
        texts.addAll(now.texts());
        return new Given(texts, before.source());
    }

    /** Adds what the environment says; an empty variable says nothing, nor does a {@link #SERVICE_LINK}. */
    public SettingSources environment(Map<String, String> environment) {
        Map<String, Setting> known = settings.all().stream().collect(Collectors.toMap(Setting::variable, one -> one));
        environment.forEach((name, value) -> {
            if (!name.startsWith(Setting.PREFIX)
                    || name.equals(FILE_VARIABLE)
                    || value.isBlank()
                    || SERVICE_LINK.matcher(name + "=" + value).matches()) {
                return;
            }
            Setting setting = known.get(name);
            if (setting == null) {
                throw new IllegalArgumentException("the environment's " + name + " is no setting; did you mean "
                        + Nearest.to(name, known.keySet()) + "?");
            }
            given.put(setting.key(), given(setting, value, name));
        });
        return this;
    }

    /** Adds what a flag says. */
    public SettingSources flag(Setting setting, List<String> values) {
        given.put(setting.key(), new Given(values, setting.flag()));
        return this;
    }

    private static Given given(Setting setting, String value, String source) {
        String text = value.strip();
        if (setting.isList()) {
            return new Given(
                    Stream.of(text.split("\\s+")).filter(one -> !one.isEmpty()).toList(), source);
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException(source + ": " + setting.key() + " has no value");
        }
        return new Given(List.of(text), source);
    }
}

package celeriant.app.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Values as people write them. What cannot be read is an {@link IllegalArgumentException} that says what would be. */
public final class SettingText {
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,18})\\s*(KiB|MiB|GiB|)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(s|m|h|d)");
    private static final Map<String, Integer> SHIFT = Map.of("", 0, "KiB", 10, "MiB", 20, "GiB", 30);

    private final Map<Class<?>, Function<String, ?>> readers;

    /** @param readers the types beyond numbers, texts, paths, times, yes and no, and enums */
    SettingText(Map<Class<?>, Function<String, ?>> readers) {
        this.readers = Map.copyOf(readers);
    }

    /** Whether a record of this type is one value, and not a section with settings of its own. */
    boolean isValue(Class<?> type) {
        return readers.containsKey(type);
    }

    Object read(String text, Class<?> type) {
        if (readers.containsKey(type)) {
            return readers.get(type).apply(text);
        }
        if (type == int.class) {
            return Math.toIntExact(number(text, Integer.MAX_VALUE));
        }
        if (type == long.class) {
            return number(text, Long.MAX_VALUE);
        }
        if (type == boolean.class) {
            return truth(text);
        }
        if (type == Duration.class) {
            return time(text);
        }
        if (type == Path.class) {
            return path(text);
        }
        return type.isEnum() ? choice(text, type) : text;
    }

    /** A time such as {@code 90s}, {@code 10m}, {@code 24h} or {@code 30d}. */
    public static Duration time(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new IllegalArgumentException("a time is a number with s, m, h or d");
        }
        long count = Long.parseLong(time.group(1));
        return switch (time.group(2).charAt(0)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static long number(String text, long max) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            throw new IllegalArgumentException("a whole number is needed; bytes may have KiB, MiB or GiB");
        }
        long count = Long.parseLong(number.group(1));
        int shift = SHIFT.get(number.group(2));
        if (count > max >> shift) {
            throw new IllegalArgumentException("the number is at most " + max);
        }
        return count << shift;
    }

    private static Path path(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a path is not empty");
        }
        return Path.of(text);
    }

    private static boolean truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("true or false is needed");
        }
        return text.equals("true");
    }

    private static Object choice(String text, Class<?> type) {
        List<?> choices = Arrays.asList(type.getEnumConstants());
        return choices.stream()
                .filter(one -> shown(one).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "one of " + choices.stream().map(SettingText::shown).collect(Collectors.joining(", "))));
    }

    private static String shown(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }
}

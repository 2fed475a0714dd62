package celeriant.app.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Locale;

/**
 * One value of the configuration under its three names.
 *
 * @param key in a file, as {@code limits.bodyBytesMax}
 * @param type of the value; of a list, that of one of its elements
 * @param isList whether it may be given more than once
 * @param byDefault null = not set
 * @param meaning one sentence
 */
public record Setting(String key, Class<?> type, boolean isList, Object byDefault, String meaning) {
    /** What the name of every environment variable begins with. */
    public static final String PREFIX = "CELERIANT_";

    static Setting of(String key, Type type, Object byDefault, String meaning) {
        if (type instanceof ParameterizedType many && Collection.class.isAssignableFrom((Class<?>) many.getRawType())) {
            return new Setting(key, (Class<?>) many.getActualTypeArguments()[0], true, byDefault, meaning);
        }
        return new Setting(key, (Class<?>) type, false, byDefault, meaning);
    }

    /** On the command line, as {@code --limits-body-bytes-max}. */
    public String flag() {
        return "--" + spelled('-');
    }

    /** In the environment, as {@code CELERIANT_LIMITS_BODY_BYTES_MAX}. */
    public String variable() {
        return PREFIX + spelled('_').toUpperCase(Locale.ROOT);
    }

    /** The name inside its record. */
    String name() {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    private String spelled(char between) {
        StringBuilder words = new StringBuilder();
        for (char letter : key.toCharArray()) {
            if (Character.isUpperCase(letter)) {
                words.append(between).append(Character.toLowerCase(letter));
            } else {
                words.append(letter == '.' ? between : letter);
            }
        }
        return words.toString();
    }
}

package celeriant.app.settings;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The settings of a record with defaults: its components, and those of the records in it under the name of theirs and a
 * dot. The records' own constructors check the values. Immutable.
 *
 * @param <R> the record
 */
public final class Settings<R extends Record> {
    private final R byDefault;
    private final String inlined;
    private final SettingText text;
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    /**
     * @param inlined a component whose own come without its name before them
     * @param meanings by key
     * @param readers the types that only this record knows
     */
    public Settings(
            R byDefault, String inlined, Map<String, String> meanings, Map<Class<?>, Function<String, ?>> readers) {
        this.byDefault = byDefault;
        this.inlined = inlined;
        this.text = new SettingText(readers);
        collect(byDefault, "", meanings);
    }

    private void collect(Record section, String prefix, Map<String, String> meanings) {
        for (RecordComponent component : section.getClass().getRecordComponents()) {
            Object value = value(section, component);
            String key = prefix + component.getName();
            if (isSection(component)) {
                collect((Record) value, sectionPrefix(key), meanings);
            } else {
                settings.put(key, Setting.of(key, component.getGenericType(), value, meanings.getOrDefault(key, "")));
            }
        }
    }

    private boolean isSection(RecordComponent component) {
        return component.getType().isRecord() && !text.isValue(component.getType());
    }

    private String sectionPrefix(String key) {
        return key.equals(inlined) ? "" : key + ".";
    }

    /** All of them, in the order of the record. */
    public List<Setting> all() {
        return List.copyOf(settings.values());
    }

    Setting of(String key) {
        return settings.get(key);
    }

    /**
     * The record with what was given in place of its defaults.
     *
     * @throws IllegalArgumentException naming the setting, what is wrong with it and where it was given
     */
    public R with(Map<String, Given> given) {
        return cast(build(byDefault, "", given));
    }

    @SuppressWarnings("unchecked")
    private R cast(Record built) {
        return (R) built;
    }

    private Record build(Record section, String prefix, Map<String, Given> given) {
        RecordComponent[] components = section.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = prefix + components[i].getName();
            Object value = value(section, components[i]);
            if (isSection(components[i])) {
                values[i] = build((Record) value, sectionPrefix(key), given);
            } else {
                values[i] = given.containsKey(key) ? read(key, given.get(key), components[i].getType()) : value;
            }
        }
        return make(section.getClass(), components, values, prefix, given);
    }

    private Object read(String key, Given given, Class<?> container) {
        Setting setting = settings.get(key);
        List<Object> values = new ArrayList<>();
        for (String one : given.texts()) {
            try {
                values.add(text.read(one, setting.type()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(key + " " + one + " (" + given.source() + "): " + e.getMessage(), e);
            }
        }
        if (!setting.isList()) {
            return values.getFirst();
        }
        return container == Set.class ? new LinkedHashSet<>(values) : values;
    }

    private static Record make(
            Class<? extends Record> type,
            RecordComponent[] components,
            Object[] values,
            String prefix,
            Map<String, Given> given) {
        try {
            Class<?>[] types =
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw new IllegalArgumentException(prefix + refused.getMessage() + source(prefix, refused, given), e);
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the value was given that a record's message begins with. */
    private static String source(String prefix, IllegalArgumentException refused, Map<String, Given> given) {
        Given wrong = given.get(prefix + refused.getMessage().split(" ", 2)[0]);
        return wrong == null ? "" : " (" + wrong.source() + ")";
    }

    private static Object value(Record section, RecordComponent component) {
        try {
            return component.getAccessor().invoke(section);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}

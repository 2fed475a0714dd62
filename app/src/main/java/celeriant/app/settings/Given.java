package celeriant.app.settings;

import java.util.List;

/**
 * What somebody gave for a setting, as text.
 *
 * @param texts one, or of a list all
 * @param source how a person finds the place, as {@code CELERIANT_PORT}
 */
public record Given(List<String> texts, String source) {
    public Given {
        texts = List.copyOf(texts);
    }
}

package celeriant.client.access;

import java.util.Locale;

/** What somebody may do with an aggregate; each level may do what those before it may. */
public enum Level {
    /** Read it, and see who is there. */
    READER,
    /** Append to it, show presence, publish a newer snapshot. */
    CONTRIBUTOR,
    /** Trim and delete it, and say who may do what. */
    OWNER;

    /** The protocol's word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The level with this word; null stays null.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Level ofWord(String word) {
        return word == null ? null : valueOf(word.toUpperCase(Locale.ROOT));
    }
}

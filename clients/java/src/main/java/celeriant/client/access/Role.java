package celeriant.client.access;

import java.util.Locale;

/** What somebody is in an org. */
public enum Role {
    /** May create aggregates. */
    MEMBER,
    /** May do everything. */
    ADMIN;

    /** The protocol's word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role with this word; null stays null.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Role ofWord(String word) {
        return word == null ? null : valueOf(word.toUpperCase(Locale.ROOT));
    }
}

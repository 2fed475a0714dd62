package celeriant.gateway.access;

import java.util.Locale;
import java.util.Optional;

/** What somebody is in an org. */
public enum Role {
    /** May create aggregates. */
    MEMBER,
    /** May do everything with every aggregate, and set schemas and members. */
    ADMIN;

    /** The protocol's word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of a protocol word; empty for any other text. */
    public static Optional<Role> ofWord(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}

package celeriant.gateway.access;

import java.util.Locale;
import java.util.Optional;

/** What somebody may do with one aggregate; each level includes those before it. */
public enum Level {
    /** Events, state, snapshot, listing, stream, the presence of others. */
    READER,
    /** Append, own presence, a newer snapshot. */
    CONTRIBUTOR,
    /** Trim, delete, access, shares, revoke. */
    OWNER;

    /** The protocol's word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean includes(Level other) {
        return ordinal() >= other.ordinal();
    }

    /** The level of a protocol word; empty for any other text. */
    public static Optional<Level> ofWord(String word) {
        for (Level level : values()) {
            if (level.word().equals(word)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    /** The higher of two; null counts as none. */
    static Level higher(Level left, Level right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        return left.includes(right) ? left : right;
    }
}

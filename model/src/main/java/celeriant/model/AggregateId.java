package celeriant.model;

import java.util.Objects;

/**
 * Names one aggregate inside its org: {@code type/id}. The org stands beside it in every call and is never part of it,
 * because an append, a read and a subscription belong to exactly one org.
 *
 * <p>The names are not checked here: a name that arrived from outside is checked where it is parsed ({@link Names}),
 * and a stored one was checked before it was stored.
 */
public record AggregateId(String type, String id) implements Comparable<AggregateId> {
    public AggregateId {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(id, "id");
    }

    /**
     * Reads {@code type/id}.
     *
     * @throws IllegalArgumentException if the text has no slash or a part is outside the alphabet
     */
    public static AggregateId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("an aggregate is written type/id, but there is no slash");
        }
        AggregateId aggregate = new AggregateId(text.substring(0, slash), text.substring(slash + 1));
        if (!aggregate.isWellFormed()) {
            throw new IllegalArgumentException(
                    "an aggregate is written type/id, each of 1 to 128 characters of A-Z a-z 0-9 . _ ~ -");
        }
        return aggregate;
    }

    /** Whether both names are in the alphabet, a system type's {@code $} allowed. */
    public boolean isWellFormed() {
        return (Names.isName(type) || Names.isSystemName(type)) && Names.isName(id);
    }

    /** Whether the type begins with {@code $}: only the system's own endpoints append to it. */
    public boolean isSystem() {
        return type.startsWith("$");
    }

    @Override
    public int compareTo(AggregateId other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : id.compareTo(other.id);
    }

    /** {@code type/id}. */
    @Override
    public String toString() {
        return type + "/" + id;
    }
}

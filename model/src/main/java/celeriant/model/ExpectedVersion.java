package celeriant.model;

/** The precondition of an online append on one aggregate (optimistic concurrency). */
public sealed interface ExpectedVersion {
    /** No precondition. */
    record Any() implements ExpectedVersion {}

    /** The aggregate must not exist: never created, or deleted since. */
    record None() implements ExpectedVersion {}

    /** The aggregate must be at exactly this version, 1 or more. */
    record Exactly(long version) implements ExpectedVersion {
        public Exactly {
            if (version < 1) {
                throw new IllegalArgumentException("an exact version is 1 or more, not " + version);
            }
        }
    }

    /** The protocol's number: 0 = must not exist, n = exactly n. */
    static ExpectedVersion of(long version) {
        return version == 0 ? new None() : new Exactly(version);
    }

    /** The protocol's number of it; 0 also for {@code Any}, which every version satisfies. */
    default long number() {
        return this instanceof Exactly exactly ? exactly.version() : 0;
    }

    /**
     * Whether an aggregate satisfies it.
     *
     * @param version its current version, 0 if it never existed
     * @param exists whether it exists now (a deleted aggregate has a version and does not exist)
     */
    default boolean matches(long version, boolean exists) {
        if (this instanceof Exactly exactly) {
            return exists && version == exactly.version();
        }
        return this instanceof Any || !exists;
    }
}

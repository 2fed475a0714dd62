package celeriant.log;

/** Who asks for a write, as far as {@link Admission} knows. The log itself asks it for nothing but its rank. */
public interface Caller {
    /**
     * Whether what it asks for must not wait for room on the disk: then it is taken while appends are refused for want
     * of it, as long as what is kept for that lasts. For what is small and cannot wait, as taking away a right.
     */
    default boolean cannotWait() {
        return false;
    }

    /** The embedding program itself, which may do everything. */
    Caller EMBEDDER = new Caller() {
        @Override
        public String toString() {
            return "embedder";
        }
    };
}

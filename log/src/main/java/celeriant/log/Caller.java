package celeriant.log;

/** Who asks for a write, as far as {@link Admission} knows. The log itself does not look into it. */
public interface Caller {
    /** The embedding program itself, which may do everything. */
    Caller EMBEDDER = new Caller() {
        @Override
        public String toString() {
            return "embedder";
        }
    };
}

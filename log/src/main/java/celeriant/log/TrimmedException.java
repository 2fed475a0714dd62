package celeriant.log;

/** The history that was asked for was trimmed away; {@link #firstVersion} is the first that is still there. */
public final class TrimmedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long firstVersion;

    public TrimmedException(long firstVersion) {
        super("trimmed: the first version that is still there is " + firstVersion);
        this.firstVersion = firstVersion;
    }

    public long firstVersion() {
        return firstVersion;
    }
}

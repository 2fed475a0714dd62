package celeriant.log.embedded.record;

/** A file has a format that this version does not know: most often a newer version wrote it. */
public final class UnknownFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnknownFormatException(String what, int found, int known) {
        super(what + " has format " + found + ", and this version knows up to " + known
                + ": open the folder with the version that wrote it, or a newer one");
    }
}

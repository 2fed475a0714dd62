package celeriant.log.embedded.disk;

/** The folder is open in another process, or by another log of this one. */
public final class FolderInUseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FolderInUseException(String message) {
        super(message);
    }
}

package celeriant.log;

/**
 * A write or sync of the storage failed, or the log met a fault of its own; the message says which. No more appends are
 * taken until a restart has recovered it.
 */
public final class StorageFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StorageFailedException(String message) {
        super(message);
    }

    public StorageFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}

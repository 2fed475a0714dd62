package celeriant.log.embedded.commit;

/** What was decided cannot be a record: a fault of whoever made it, not of the storage. Nothing of it was written. */
final class UnwritableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnwritableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}

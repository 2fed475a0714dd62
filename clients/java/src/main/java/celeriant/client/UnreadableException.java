package celeriant.client;

/** Data that is there and cannot be read: its key is missing, or it is not what was sealed. */
public final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message why, for a person */
    public UnreadableException(String message) {
        super(message);
    }

    /** @param message why, for a person */
    public UnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}

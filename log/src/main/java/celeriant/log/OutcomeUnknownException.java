package celeriant.log;

/** The log cannot tell whether a write landed. Send exactly the same again. */
public final class OutcomeUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OutcomeUnknownException(String message) {
        super(message);
    }

    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}

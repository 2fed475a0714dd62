package celeriant.app;

/** The command cannot do what it was asked for; the message tells a person why and what to do. */
final class CannotRunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotRunException(String message, Throwable cause) {
        super(message, cause);
    }

    CannotRunException(String message) {
        super(message);
    }
}

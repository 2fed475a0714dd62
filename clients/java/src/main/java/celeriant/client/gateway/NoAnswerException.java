package celeriant.client.gateway;

/**
 * No answer, half an answer, or somebody else's, such as the page of a captive portal: nobody knows whether the request
 * was carried out.
 */
public final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    public NoAnswerException(String message) {
        this(message, 0);
    }

    NoAnswerException(String message, int status) {
        super(message);
        this.status = status;
    }

    public NoAnswerException(String message, Throwable cause) {
        super(message, cause);
        status = 0;
    }

    /** That of somebody else's answer; 0 if there was none. */
    public int status() {
        return status;
    }
}

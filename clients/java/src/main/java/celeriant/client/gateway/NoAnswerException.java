package celeriant.client.gateway;

/**
 * No answer, half an answer, or somebody else's, such as the page of a captive portal: nobody knows whether the request
 * was carried out.
 */
public final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    public NoAnswerException(String message) {
        super(message);
    }

    public NoAnswerException(String message, Throwable cause) {
        super(message, cause);
    }
}

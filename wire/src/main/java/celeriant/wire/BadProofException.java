package celeriant.wire;

/** A key, proof or signature that is not acceptable; the message says why and holds no secret. No stack trace. */
public final class BadProofException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadProofException(String reason) {
        super(reason, null, false, false);
    }
}

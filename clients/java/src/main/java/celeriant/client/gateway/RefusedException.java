package celeriant.client.gateway;

import celeriant.client.buffer.Refusal;

/** The gateway refused a request as a whole. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;
    private final long retryAfterMillis;

    public RefusedException(Refusal refusal, long retryAfterMillis) {
        super(refusal.toString());
        this.refusal = refusal;
        this.retryAfterMillis = retryAfterMillis;
    }

    /** What it said. */
    public Refusal refusal() {
        return refusal;
    }

    /** How long the gateway asks to wait; 0 if it does not say. */
    public long retryAfterMillis() {
        return retryAfterMillis;
    }
}

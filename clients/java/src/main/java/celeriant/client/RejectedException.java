package celeriant.client;

import celeriant.client.buffer.RejectedAppend;

/** The log refused an append for good. It is in the rejected list. */
public final class RejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient RejectedAppend rejected;

    /** Says so of this append. */
    public RejectedException(RejectedAppend rejected) {
        super("rejected: " + rejected.reason());
        this.rejected = rejected;
    }

    /** The append, with the reason. */
    public RejectedAppend rejected() {
        return rejected;
    }
}

package celeriant.client.buffer;

/** What a local buffer cannot do, and why. */
public abstract sealed class BufferException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private BufferException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The store could not take a change or give an answer: nothing of the change was kept. */
    public static final class Failed extends BufferException {
        private static final long serialVersionUID = 1L;

        /** With what failed, for a person. */
        public Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The store broke while it made a change durable: whether that was kept is not known. */
    public static final class Unsure extends BufferException {
        private static final long serialVersionUID = 1L;

        /** With what failed, for a person. */
        public Unsure(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The store holds something that this client cannot read; nothing in it was changed. */
    public static final class UnknownFormat extends BufferException {
        private static final long serialVersionUID = 1L;

        /** With what it is, for a person. */
        public UnknownFormat(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The store is open elsewhere. */
    public static final class InUse extends BufferException {
        private static final long serialVersionUID = 1L;

        /** With where it is open, for a person. */
        public InUse(String message) {
            super(message, null);
        }
    }

    /** The identity changed under the one who asked: what was pushed under the old one settles nothing here. */
    public static final class IdentityChanged extends BufferException {
        private static final long serialVersionUID = 1L;

        /** Says so. */
        public IdentityChanged() {
            super("the buffer has a new identity: what was pushed under the old one settles nothing here", null);
        }
    }
}

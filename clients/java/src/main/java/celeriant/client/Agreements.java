package celeriant.client;

import celeriant.client.buffer.Cursor;

/**
 * Remembers what the log looks like, a position and the hash there, once that is known to cover what this client has in
 * the log. A log may lose an append, grow again and tell a hash beyond it: remembered then, that hash would hide the
 * loss for ever. So a hash beyond what landed since the last one is held back until the log, asked when reading had
 * begun, says that it has everything. Confined to the client's thread.
 */
final class Agreements {
    private static final long NOTHING_READ = -1;

    private final OpenAggregates open;
    private final Outbox outbox;
    private long readings;
    private boolean reads;
    /** In this reading the log said that it has everything that was settled. */
    private boolean proved;
    /** Something landed, and whether that was in the log that is read now is not known. */
    private boolean doubted;

    private Cursor held;
    private Runnable then = () -> {};

    Agreements(OpenAggregates open, Outbox outbox) {
        this.open = open;
        this.outbox = outbox;
    }

    /** The log is being read: from here on it cannot be put back without an end of this reading. */
    void readingBegins() {
        readingEnds();
        readings++;
        reads = true;
    }

    void readingEnds() {
        reads = false;
        proved = false;
        held = null;
    }

    /** Remembers this as soon as may be, and does {@code next}. */
    void agree(Cursor cursor, Runnable next) {
        if (proved || outbox.landed() <= checked()) {
            open.agree(cursor);
            next.run();
        } else {
            held = cursor;
            then = next;
        }
    }

    private long checked() {
        return open.cursor() == null ? 0 : open.cursor().checkPosition();
    }

    /** Whether the gateway must be asked where it stands. */
    boolean wantProof() {
        return reads && (held != null || doubted);
    }

    /** What {@link #answered} wants to know of the moment of asking. */
    long asks() {
        return reads ? readings : NOTHING_READ;
    }

    /** The log has everything that was settled; it was asked at that moment. */
    void answered(long asked, boolean settles) {
        if (!reads || asked != readings) {
            doubted |= settles;
            return;
        }
        proved = true;
        doubted = false;
        if (held != null) {
            Cursor cursor = held;
            held = null;
            open.agree(cursor);
            then.run();
        }
    }
}

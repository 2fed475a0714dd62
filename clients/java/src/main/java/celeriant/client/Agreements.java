package celeriant.client;

import celeriant.client.buffer.Cursor;

/**
 * Remembers what the log looks like, a position and the hash there, once that is known to cover what this client has in
 * the log. A log may lose an append, grow again and tell a hash beyond it: remembered then, that hash would hide the
 * loss for ever. So a hash beyond what landed since the one that this reading was asked with is held back until the
 * log, asked when reading had begun, says that it has everything. Confined to the client's thread.
 */
final class Agreements {
    private static final long NOTHING_READ = -1;

    private final OpenAggregates open;
    private final Outbox outbox;
    private long readings;
    private boolean reads;
    /** Up to here the log that is read now is known to be what is remembered of it. */
    private long covered;

    /** In this reading the log said that it has everything that was settled. */
    private boolean proved;
    /** Something landed, and whether that was in the log that is read now is not known. */
    private boolean doubted;

    /** Remembers what is held back; null when nothing is. */
    private Runnable held;

    Agreements(OpenAggregates open, Outbox outbox) {
        this.open = open;
        this.outbox = outbox;
    }

    /**
     * The log is being read: from here on it cannot be put back without an end of this reading. It was asked for with
     * {@code agreed}, which may be older than what is remembered by now; null: with nothing.
     */
    void readingBegins(Cursor agreed) {
        readingEnds();
        readings++;
        reads = true;
        covered = agreed == null ? 0 : agreed.checkPosition();
    }

    void readingEnds() {
        reads = false;
        proved = false;
        held = null;
    }

    /** Does what remembers a hash that was told in this reading, as soon as may be. */
    void agree(Runnable remember) {
        if (proved || outbox.landed() <= covered) {
            remember(remember);
        } else {
            held = remember;
        }
    }

    private void remember(Runnable remember) {
        remember.run();
        covered = Math.max(covered, open.cursor().checkPosition());
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
            Runnable remember = held;
            held = null;
            remember(remember);
        }
    }
}

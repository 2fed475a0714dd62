package celeriant.client.buffer;

/**
 * Where reading of the merged log stands.
 *
 * @param position everything up to here that the client follows is in the confirmed state
 * @param log which log this is, or null if that is not known
 * @param checkPosition a position whose hash is known, with {@code checkHash}
 * @param checkHash what the log looked like there, or null: sent back so that a log restored from an old backup is
 *     noticed
 */
public record Cursor(long position, String log, long checkPosition, String checkHash) {
    /** A position of a log of which nothing else is known. */
    public static Cursor at(long position) {
        return new Cursor(position, null, 0, null);
    }

    /** The same log, read up to another position. */
    public Cursor movedTo(long newPosition) {
        return new Cursor(newPosition, log, checkPosition, checkHash);
    }
}

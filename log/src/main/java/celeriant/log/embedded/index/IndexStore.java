package celeriant.log.embedded.index;

import celeriant.log.Measures;
import java.lang.foreign.MemorySegment;

/**
 * Sorted keys and values on disk, as far as the index needs them: what was written is lost at a crash back to some
 * flush, never a part of a batch and never an earlier batch without the later ones. Keys sort by unsigned bytes.
 * Thread-safe; {@link #write} and {@link #flush} are called by one thread at a time.
 */
public interface IndexStore extends AutoCloseable {
    /** The value of a key, or null. */
    byte[] value(byte[] key);

    /** Entries from {@code from} (inclusive) up to {@code to} (exclusive), as they are now. */
    Cursor cursor(byte[] from, byte[] to);

    /** The same for a walk over everything, which leaves what is read often in the cache. */
    default Cursor scan(byte[] from, byte[] to) {
        return cursor(from, to);
    }

    /**
     * The same, but beginning with the greatest key that is at most {@code from} and at least {@code lowest}, if there
     * is one.
     */
    Cursor cursorAtFloor(byte[] lowest, byte[] from, byte[] to);

    /** A batch to fill, then write or close. */
    Batch batch();

    /** Makes what was written so far survive a crash. @param wait until it does, or only start it */
    void flush(boolean wait);

    /** The log is as good as open: what the store does behind the back of its callers, from now on it may. */
    default void beginOwnWork() {}

    /** Shows what the store measures; any thread. */
    default void show(Measures into) {}

    @Override
    void close();

    /** A walk in the order of the keys, at an entry while {@link #isValid}. Confined to one thread. */
    interface Cursor extends AutoCloseable {
        boolean isValid();

        void next();

        /** Jumps forward to the first entry whose key is at least {@code key}. */
        void seek(byte[] key);

        byte[] key();

        byte[] value();

        /** The value, in {@code into} if there is room, and in memory of its own if not. */
        default MemorySegment value(MemorySegment into) {
            return MemorySegment.ofArray(value());
        }

        @Override
        void close();
    }

    /** Changes that are written together; later ones win. Confined to one thread. */
    interface Batch extends AutoCloseable {
        void put(byte[] key, byte[] value);

        void delete(byte[] key);

        /** @param to exclusive */
        void deleteRange(byte[] from, byte[] to);

        void write();

        @Override
        void close();
    }
}

package celeriant.log.embedded.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * All that the engine asks of a file system, for the one folder that it owns. Narrow on purpose: tests put a disk in
 * its place that loses, tears and reorders what was not synced, fails any call, and fills up. Names are relative to the
 * folder and have no folders in them. Thread-safe; one {@link DiskFile} is written by one thread at a time.
 */
public interface Disk extends AutoCloseable {
    /** Makes an empty file, which must not exist, and opens it. */
    DiskFile create(String name) throws IOException;

    /** Opens a file that exists. */
    DiskFile open(String name) throws IOException;

    /** The names of all files, in no order. */
    List<String> list() throws IOException;

    /** Gives a file another name, replacing what has that name; durable only after {@link #syncFolder}. */
    void rename(String from, String to) throws IOException;

    /** Removes a file; durable only after {@link #syncFolder}. */
    void delete(String name) throws IOException;

    /** Removes what was not written to its end, so that it takes no room, if it is there and that is possible. */
    default void deleteHalfWritten(String name, Throwable cause) {
        try {
            if (list().contains(name)) {
                delete(name);
            }
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** Makes creations, renames and deletions durable. */
    void syncFolder() throws IOException;

    /**
     * Has the disk begin with what was written to a part of a file, and waits until it has as long a part before it:
     * what it gets in one piece is in the way of all others' syncs. It is durable only after {@link DiskFile#force}.
     */
    default void writeOut(String name, long from, long bytes) {
        // There is no cache, or it decides for itself.
    }

    /** Lets the system's cache go of a file whose bytes are durable; who reads it later reads it from the disk. */
    default void letGo(String name) {
        // Nothing is cached, or nobody can tell.
    }

    /** Bytes that can still be written. */
    long usableBytes() throws IOException;

    /** Lets go of the folder, and of the lock on it. */
    @Override
    void close() throws IOException;

    /** An open file. */
    interface DiskFile extends AutoCloseable {
        /**
         * Reads up to {@code into.remaining()} bytes at an offset, fewer only at the end of the file.
         *
         * @return how many, 0 at or beyond the end
         * @throws java.nio.channels.ClosedChannelException if the file is closed, in the middle of the call even
         */
        int read(ByteBuffer into, long offset) throws IOException;

        /**
         * Makes reads ready up to the file's present end. From then on, reading does not mind whether its thread was
         * interrupted, as long as it does not reach beyond. Before, an interrupted thread that reads closes the file.
         */
        void prepareReads() throws IOException;

        /** Writes all of {@code from} at an offset; durable only after {@link #force}. */
        void write(ByteBuffer from, long offset) throws IOException;

        /** Makes what was written durable. After a failure nothing of this file may be believed any more. */
        void force() throws IOException;

        long size() throws IOException;

        /** Lets go of the file, and of its room if it was deleted, whoever reads it at the moment. */
        @Override
        void close() throws IOException;
    }
}

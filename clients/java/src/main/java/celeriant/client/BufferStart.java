package celeriant.client;

import celeriant.client.buffer.BufferContents;
import celeriant.client.buffer.BufferException;
import celeriant.client.buffer.LocalBuffer;
import celeriant.wire.DeviceKey;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** How a client opens its buffer. */
final class BufferStart {
    private static final Logger LOG = Logger.getLogger("celeriant.client");

    private BufferStart() {}

    /** Opens it and lets go of what is too old. */
    static BufferContents open(LocalBuffer buffer, Supplier<DeviceKey> newKey, long nowMillis) {
        BufferContents contents;
        try {
            contents = buffer.open(newKey);
        } catch (RuntimeException e) {
            close(buffer, e);
            throw e;
        }
        try {
            buffer.pruneKept(nowMillis - ClientLimits.KEPT_APPENDS_MILLIS);
        } catch (BufferException e) {
            LOG.log(Level.FINE, "a store that takes nothing more keeps what is too old until the next start", e);
        }
        return contents;
    }

    /** Left open, of no use to anybody, it would keep others from the store. */
    private static void close(LocalBuffer buffer, RuntimeException failure) {
        try {
            buffer.close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}

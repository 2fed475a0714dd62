package celeriant.gateway.http;

/** Takes a request's body as it comes: on the event loop. */
public interface BodyReceiver {
    /** So many bytes are to come, at the least: who does not want as many says so before they do. */
    default void announced(long length) {
        // Most take what comes.
    }

    /** The next bytes, which are another's after the call. */
    void take(byte[] bytes, int from, int length);

    /** That was all of it. */
    void end();
}

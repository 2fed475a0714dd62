package celeriant.gateway.http;

/** Takes a request's body as it comes: on the event loop. */
public interface BodyReceiver {
    /** The next bytes, which are another's after the call. */
    void take(byte[] bytes, int from, int length);

    /** That was all of it. */
    void end();
}

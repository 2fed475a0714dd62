package celeriant.gateway.http;

/**
 * What carries one request and its answer: a turn on a connection of HTTP/1.1, or a stream of HTTP/2. Its answer is one
 * call of {@link #answer}, or {@link #begin}, any number of {@link #write} and {@link #end}. What is written after the
 * caller has gone, or after the end, is dropped. Confined to its event loop.
 */
public interface Carrier {
    Loop loop();

    /** Where the caller's connection comes from; "" if that is not known. */
    default String address() {
        return "";
    }

    /**
     * Hands the body to {@code receiver}, from now on and as it comes. Before that the caller's bytes wait, few of them
     * here and the rest on its side; what nobody asked for is read and dropped after the answer, up to a limit.
     */
    void receiveBody(BodyReceiver receiver);

    /** The whole answer; {@code body} does not change any more. To HEAD only its length is told. */
    void answer(ResponseHead head, byte[] body);

    /** Begins an answer whose body comes in pieces. To HEAD this is all of it. */
    void begin(ResponseHead head);

    /** The next piece of a body that was begun. */
    void write(Frame frame);

    /** The way for pieces of the body that was begun which are not gathered. */
    default Outlet outlet() {
        return frame -> {
            write(frame);
            return !isFull();
        };
    }

    /** From now on what the caller does not take waits here rather than out of sight, in the kernel. */
    default void holdsLittle() {
        // What carries it knows of no such place.
    }

    /** Ends a body that was begun. */
    void end();

    /** Whether so much waits to be sent that no more should be written now. */
    boolean isFull();

    /** Whether everything that was written has been handed to the network. */
    boolean isSent();

    /** Calls {@code drained} whenever it is no longer full. */
    void onDrain(Runnable drained);

    /** Calls {@code gone} once if the caller goes before the answer's end. */
    void onGone(Runnable gone);

    boolean isGone();

    /** Cuts the caller off, in the middle of an answer if need be. */
    void disconnect();
}

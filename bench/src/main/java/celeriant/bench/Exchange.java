package celeriant.bench;

import java.nio.ByteBuffer;

/**
 * One peer's protocol as the closed loop needs it: what to send, and where an answer ends. Confined to the loop's
 * thread; one for each connection.
 */
interface Exchange {
    /** The bytes of the next request. */
    ByteBuffer nextRequest();

    /**
     * Looks for a whole answer in {@code received}, from its position to its limit, and moves the position behind it.
     *
     * @return whether a whole answer was there
     * @throws IllegalStateException if the answer is a refusal: a benchmark of refusals is none
     */
    boolean takeAnswer(ByteBuffer received);

    /** How many events a request carries. */
    int eventsPerRequest();
}

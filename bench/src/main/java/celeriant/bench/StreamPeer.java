package celeriant.bench;

import java.nio.ByteBuffer;

/** A server whose appends can be followed over Server-Sent Events. */
interface StreamPeer extends AppendPeer {
    /** The request that follows one aggregate from now on. */
    ByteBuffer followRequest();

    /** The request that appends one event with {@code data}, a JSON value, to that aggregate. */
    ByteBuffer appendRequest(String data);
}

package celeriant.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A piece of a streamed answer. What goes to more than one reader is made ready for the network once, in memory that
 * all of them share and that goes with the frame: no reader's copy, none that must be given back. Confined to the event
 * loop of its readers.
 */
public final class Frame {
    private static final byte[] LINE_END = {'\r', '\n'};

    private final byte[] bytes;
    private boolean isUsed;
    private ByteBuf chunk;

    private Frame(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The array must not change any more. */
    public static Frame of(byte[] bytes) {
        return new Frame(bytes);
    }

    public int length() {
        return bytes.length;
    }

    /** Its bytes, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether it has been written to no reader before this call. */
    public boolean isFirstUse() {
        boolean isFirst = !isUsed;
        isUsed = true;
        return isFirst;
    }

    /** The frame as a chunk of HTTP/1.1 (RFC 9112 section 7.1): a view of the shared bytes for one reader. */
    public ByteBuf chunk() {
        if (chunk == null) {
            byte[] size = Integer.toHexString(bytes.length).getBytes(StandardCharsets.US_ASCII);
            ByteBuffer memory = ByteBuffer.allocateDirect(size.length + bytes.length + 2 * LINE_END.length);
            memory.put(size).put(LINE_END).put(bytes).put(LINE_END).flip();
            chunk = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(memory));
        }
        return chunk.duplicate();
    }
}

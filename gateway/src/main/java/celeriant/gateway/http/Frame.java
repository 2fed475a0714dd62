package celeriant.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A piece of a streamed answer. One that goes to many readers is made ready for the network once, in memory that all of
 * them share and that goes with the frame: no reader's copy, none that must be given back. Confined to the event loop
 * of its readers.
 */
public final class Frame {
    private static final byte[] LINE_END = {'\r', '\n'};

    private final byte[] bytes;
    private final boolean isShared;
    private ByteBuffer memory;
    private long address;

    private Frame(byte[] bytes, boolean isShared) {
        this.bytes = bytes;
        this.isShared = isShared;
    }

    /** For one reader. The array must not change any more. */
    public static Frame of(byte[] bytes) {
        return new Frame(bytes, false);
    }

    /** For many readers. The array must not change any more. */
    public static Frame shared(byte[] bytes) {
        return new Frame(bytes, true);
    }

    public int length() {
        return bytes.length;
    }

    /** Its bytes, not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether it is for many readers. */
    public boolean isShared() {
        return isShared;
    }

    /**
     * The frame as a chunk of HTTP/1.1 (RFC 9112 section 7.1), from 0 to its limit: the bytes that its readers share,
     * and neither they nor the limit are changed.
     */
    public ByteBuffer memory() {
        if (memory == null) {
            byte[] size = Integer.toHexString(bytes.length).getBytes(StandardCharsets.US_ASCII);
            memory = ByteBuffer.allocateDirect(size.length + bytes.length + 2 * LINE_END.length);
            memory.put(size).put(LINE_END).put(bytes).put(LINE_END).flip();
            address = MemorySegment.ofBuffer(memory).address();
        }
        return memory;
    }

    /** Where {@link #memory} lies, for as long as the frame is held. */
    public long address() {
        memory();
        return address;
    }

    /** A view of {@link #memory} for one reader. */
    public ByteBuf chunk() {
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(memory()));
    }
}

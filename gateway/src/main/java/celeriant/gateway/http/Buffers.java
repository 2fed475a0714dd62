package celeriant.gateway.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/** Byte arrays as Vert.x's buffers, without a copy: the array must not change any more. Any thread. */
public final class Buffers {
    private Buffers() {}

    public static Buffer wrap(byte[] bytes) {
        return BufferInternal.buffer(Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes)));
    }
}

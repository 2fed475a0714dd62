package celeriant.gateway.net;

import celeriant.gateway.http.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Frame;

/**
 * A connection as its event loop keeps it: what is written goes to the network together with what is written in the
 * same round, and one on which nothing moves for long is closed. Confined to the loop.
 */
final class OpenConnection {
    private final Channel channel;
    private final LoopConnections connections;
    private final Runnable whenIdle;
    private boolean moved;
    private boolean isDirty;
    private boolean closesSoon;
    private long waitingSeen;
    private int stillSeconds;

    /** {@code whenIdle} closes it after what is in flight. */
    OpenConnection(Channel channel, LoopConnections connections, Runnable whenIdle) {
        this.channel = channel;
        this.connections = connections;
        this.whenIdle = whenIdle;
    }

    Channel channel() {
        return channel;
    }

    Loop loop() {
        return connections.loop();
    }

    AnswerBytes answers() {
        return connections.answers();
    }

    ByteBufAllocator memory() {
        return channel.alloc();
    }

    /** Something was received. */
    void heard() {
        moved = true;
    }

    /** Sends {@code bytes}, soon. */
    void write(ByteBuf bytes) {
        moved = true;
        channel.write(bytes, channel.voidPromise());
        if (!isDirty) {
            isDirty = true;
            connections.flushSoon(this);
        }
    }

    /** Sends a frame of HTTP/2, soon. */
    void write(Http2Frame frame, ChannelPromise sent) {
        moved = true;
        channel.write(frame, sent);
        if (!isDirty) {
            isDirty = true;
            connections.flushSoon(this);
        }
    }

    void flush() {
        isDirty = false;
        channel.flush();
    }

    /** How many bytes the network has not taken. */
    long waitingBytes() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    void closeSoon() {
        closesSoon = true;
        moved = true;
    }

    void closeWhenIdle() {
        whenIdle.run();
    }

    /** Once a second. */
    void tick() {
        long waiting = waitingBytes();
        boolean isStill = !moved && waiting == waitingSeen;
        moved = false;
        waitingSeen = waiting;
        stillSeconds = isStill ? stillSeconds + 1 : 0;
        if (stillSeconds >= (closesSoon ? LoopConnections.LINGER_SECONDS : LoopConnections.IDLE_SECONDS)) {
            channel.close();
        }
    }
}

package celeriant.gateway.net;

import celeriant.gateway.http.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Frame;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A connection as its event loop keeps it: what is written goes to the network together with what is written in the
 * same round, and one on which nothing moves for long is closed. Confined to the loop.
 */
final class OpenConnection {
    private final Channel channel;
    private final SocketAddress from;
    private final LoopConnections connections;
    private final Conduct conduct;
    private final Pace pace;
    private boolean moved;
    private boolean isDirty;
    private boolean closesSoon;
    private long waitingSeen;
    private int stillSeconds;

    /** What the connection knows of its caller, and does when it is too slow. */
    interface Conduct {
        /** Whether a head has begun that is not whole. */
        boolean owesHead();

        /** How many bodies are waited for. */
        int owedBodies();

        /** It has not kept the pace. */
        void tooSlow(String detail);

        /** Closes it after what is in flight. */
        void closeWhenIdle();
    }

    OpenConnection(Channel channel, LoopConnections connections, Conduct conduct) {
        this.channel = channel;
        this.from = channel.remoteAddress();
        this.connections = connections;
        this.conduct = conduct;
        this.pace = new Pace(connections.traffic());
    }

    Channel channel() {
        return channel;
    }

    /** Where the caller is; null if that is not known. */
    SocketAddress from() {
        return from;
    }

    /** The same as text; "" if that is not known. */
    String address() {
        return from instanceof InetSocketAddress known ? known.getAddress().getHostAddress() : "";
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
    void heard(int length) {
        moved = true;
        pace.heard(length);
    }

    /** Another request, or another part of it, is owed from now on. */
    void owesAnew() {
        pace.anew();
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
        conduct.closeWhenIdle();
    }

    /** Once a second. */
    void tick() {
        long waiting = waitingBytes();
        boolean isStill = !moved && waiting == waitingSeen;
        moved = false;
        waitingSeen = waiting;
        stillSeconds = isStill ? stillSeconds + 1 : 0;
        if (stillSeconds >= patienceSeconds(waiting)) {
            channel.close();
        } else {
            holdToPace();
        }
    }

    private int patienceSeconds(long waiting) {
        if (closesSoon) {
            return LoopConnections.LINGER_SECONDS;
        }
        return waiting > 0 ? connections.traffic().readerSeconds() : LoopConnections.IDLE_SECONDS;
    }

    private void holdToPace() {
        String tooSlow = pace.tick(conduct.owesHead(), conduct.owedBodies());
        if (tooSlow != null) {
            conduct.tooSlow(tooSlow);
        }
    }

    /** For how many seconds it has taken nothing of what waits for it. */
    int stalledSeconds() {
        return waitingSeen > 0 ? stillSeconds : 0;
    }

    void close() {
        channel.close();
    }
}

package celeriant.gateway.net;

import celeriant.gateway.http.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Frame;
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
    private boolean moved;
    private boolean isDirty;
    private boolean closesSoon;
    private long waitingSeen;
    private int stillSeconds;
    private int owingSeconds;
    private long owedBytes;

    /** What the connection knows of its caller, and does when it is too slow. */
    interface Conduct {
        /** What the caller owes at the moment. */
        Owing owing();

        /** It has not kept the pace. */
        void tooSlow(String detail);

        /** Closes it after what is in flight. */
        void closeWhenIdle();
    }

    /** One whose caller is not held to a pace. */
    static Conduct unhurried(Runnable closeWhenIdle) {
        return new Conduct() {
            @Override
            public Owing owing() {
                return Owing.NOTHING;
            }

            @Override
            public void tooSlow(String detail) {
                throw new IllegalStateException("nothing is owed");
            }

            @Override
            public void closeWhenIdle() {
                closeWhenIdle.run();
            }
        };
    }

    /** What a caller may be behind with. */
    enum Owing {
        NOTHING,
        HEAD,
        BODY
    }

    OpenConnection(Channel channel, LoopConnections connections, Conduct conduct) {
        this.channel = channel;
        this.from = channel.remoteAddress();
        this.connections = connections;
        this.conduct = conduct;
    }

    Channel channel() {
        return channel;
    }

    /** Where the caller is; null if that is not known. */
    SocketAddress from() {
        return from;
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
        owedBytes += length;
    }

    /** Another request, or another part of it, is owed from now on. */
    void owesAnew() {
        owingSeconds = 0;
        owedBytes = 0;
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
        Owing owing = conduct.owing();
        owingSeconds = owing == Owing.NOTHING ? 0 : owingSeconds + 1;
        int grace = connections.traffic().headSeconds();
        if (owingSeconds < grace) {
            return;
        }
        int pace = connections.traffic().bodyBytesPerSecondMin();
        if (owing == Owing.HEAD) {
            conduct.tooSlow("A request's head comes within " + grace + " seconds.");
        } else if (owedBytes < (long) pace * owingSeconds) {
            conduct.tooSlow("A body comes at " + pace + " bytes per second or more.");
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

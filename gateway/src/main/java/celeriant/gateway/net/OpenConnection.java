package celeriant.gateway.net;

import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.Frame;
import celeriant.gateway.http.Loop;
import celeriant.gateway.http.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.unix.Socket;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.lang.ref.Reference;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A connection as its event loop keeps it: what is written goes to the network together with what is written in the
 * same round, and one on which nothing moves for long is closed. Confined to the loop.
 */
final class OpenConnection implements Outlet {
    /** Enough for a caller that reads; what more is there is only late. */
    private static final long UNSENT_IN_KERNEL_BYTES = 16 * 1024;

    private final Channel channel;
    private final SocketAddress from;
    private final LoopConnections connections;
    private final Conduct conduct;
    private final Pace pace;

    /** Where its bytes go without anything in between; null if they do not. */
    private final Socket socket;

    /** What is streamed on it at present, and what then waits for it to take more; null if nothing is. */
    private Carrier stream;

    private Runnable drained;
    private boolean moved;
    private boolean isDirty;

    /**
     * Whether bytes may wait for the network; only of a socket with nothing in between it is ever known that none do.
     */
    private boolean isWaiting;

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
        this.socket = socketOf(channel);
        this.isWaiting = socket == null;
    }

    private static Socket socketOf(Channel channel) {
        boolean isBare =
                channel instanceof EpollSocketChannel && channel.pipeline().get(SslHandler.class) == null;
        return isBare ? (Socket) ((EpollSocketChannel) channel).fd() : null;
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

    /** The head that had begun is whole. */
    void headEnded() {
        pace.headEnded();
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

    /**
     * Whether {@link #sendNow} may be called: nothing is ahead of it, nothing in between, and the socket is still this
     * connection's. Of one that was closed the news comes later, and its number may be another connection's by then.
     */
    boolean isIdle() {
        return socket != null && socket.isOpen() && !isDirty && waitingBytes() == 0;
    }

    /** From now on {@code newStream} is what is delivered here, in chunks. */
    void streams(Carrier newStream, Runnable newDrained) {
        stream = newStream;
        drained = newDrained;
    }

    /** Nothing is delivered here any more. */
    void streamEnded() {
        stream = null;
        drained = null;
    }

    @Override
    public boolean deliver(Frame frame) {
        if (stream == null) {
            return false;
        }
        if (frame.isShared() && isIdle()) {
            return sendNow(frame);
        }
        stream.write(frame);
        return !stream.isFull();
    }

    /**
     * Hands the frame's shared bytes to the network with one system call and nothing else.
     *
     * @return whether all of it was taken; if not, the rest waits, and the stream is told once it is out
     */
    private boolean sendNow(Frame frame) {
        int sent = handOver(frame);
        if (sent < 0) {
            return false;
        }
        if (sent == frame.memory().limit()) {
            return true;
        }
        isWaiting = true;
        ChannelFuture rest = channel.writeAndFlush(frame.chunk().skipBytes(sent));
        if (!rest.isDone()) {
            Runnable taken = drained;
            rest.addListener(done -> taken.run());
        }
        return rest.isDone();
    }

    /** How much of {@code frame} the network took; -1: the connection is broken. */
    private int handOver(Frame frame) {
        moved = true;
        try {
            return socket.sendAddress(frame.address(), 0, frame.memory().limit());
        } catch (IOException e) {
            channel.close();
            return -1;
        } finally {
            Reference.reachabilityFence(frame);
        }
    }

    /** The same with {@code bytes}, which are the caller's again afterwards. */
    void sendNow(ByteBuffer bytes) {
        int sent = handOver(bytes);
        if (sent >= 0 && sent < bytes.limit()) {
            write(memory().directBuffer(bytes.limit() - sent).writeBytes(bytes.position(sent)));
        }
    }

    /** How much of {@code bytes}, from 0 to its limit, the network took; -1: the connection is broken. */
    private int handOver(ByteBuffer bytes) {
        moved = true;
        try {
            return socket.send(bytes, 0, bytes.limit());
        } catch (IOException e) {
            channel.close();
            return -1;
        }
    }

    /** Lets the kernel hold little that was not sent yet, where it can be told so. */
    void holdLittle() {
        if (channel.config() instanceof EpollSocketChannelConfig config) {
            config.setTcpNotSentLowAt(UNSENT_IN_KERNEL_BYTES);
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
        isWaiting = true;
        channel.flush();
    }

    /** How many bytes the network has not taken. */
    long waitingBytes() {
        if (!isDirty && !isWaiting) {
            return 0;
        }
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        long bytes = waiting == null ? 0 : waiting.totalPendingWriteBytes();
        isWaiting = bytes > 0 || socket == null;
        return bytes;
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

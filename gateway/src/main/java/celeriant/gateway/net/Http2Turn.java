package celeriant.gateway.net;

import celeriant.gateway.http.BodyReceiver;
import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.Frame;
import celeriant.gateway.http.Loop;
import celeriant.gateway.http.RequestHead;
import celeriant.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One stream of HTTP/2: a request and its answer. What is written waits here and in the connection until the caller's
 * window has room for it; so much of it is {@link #isFull}. Confined to its event loop.
 */
final class Http2Turn implements Carrier {
    private static final int UNSENT_BYTES_MAX = 64 * 1024;
    private static final String CONTINUE = "100";

    private final Http2Connection connection;
    private final OpenConnection open;
    private final Http2FrameStream stream;
    private final RequestHead head;
    private final Queue<Http2DataFrame> waiting = new ArrayDeque<>();
    private BodyReceiver receiver;
    private Runnable drained;
    private Runnable goneAction;
    private boolean hasAll;
    private boolean handing;
    private boolean toldEnd;
    private boolean begun;
    private boolean ended;
    private boolean gone;
    private boolean wasFull;
    private long unsentBytes;

    Http2Turn(
            Http2Connection connection,
            OpenConnection open,
            Http2FrameStream stream,
            RequestHead head,
            boolean hasNoBody) {
        this.connection = connection;
        this.open = open;
        this.stream = stream;
        this.head = head;
        this.hasAll = hasNoBody;
    }

    // --- the request -------------------------------------------------------------------------------------------------

    @Override
    public void receiveBody(BodyReceiver newReceiver) {
        receiver = newReceiver;
        boolean expects = "100-continue".equalsIgnoreCase(head.headers().first("expect"));
        if (expects && !hasAll && waiting.isEmpty() && !begun && !gone) {
            Http2Headers interim = new DefaultHttp2Headers(false).status(CONTINUE);
            open.write(new DefaultHttp2HeadersFrame(interim).stream(stream), promise());
        }
        hand();
    }

    /** A piece of the body came. */
    void received(Http2DataFrame data) {
        waiting.add(data);
        hasAll |= data.isEndStream();
        hand();
    }

    /** The body ended with headers behind it, or there is none. */
    void receivedAll() {
        hasAll = true;
        hand();
    }

    /** Hands on what has come, if somebody takes it; what comes after the answer is dropped. */
    private void hand() {
        if (handing || receiver == null && !ended && !gone) {
            return;
        }
        handing = true;
        for (Http2DataFrame data = waiting.poll(); data != null; data = waiting.poll()) {
            if (!ended && !gone) {
                receiver.take(
                        ByteBufUtil.getBytes(data.content()), 0, data.content().readableBytes());
            }
            release(data);
        }
        handing = false;
        if (hasAll && !toldEnd && !ended && !gone) {
            toldEnd = true;
            receiver.end();
        }
    }

    private void release(Http2DataFrame data) {
        if (!gone) {
            connection.consumed(stream, data.initialFlowControlledBytes());
        }
        data.release();
    }

    // --- the answer --------------------------------------------------------------------------------------------------

    @Override
    public void answer(ResponseHead response, byte[] whole) {
        if (begun || gone) {
            return;
        }
        if (connection.isTooMuch(whole.length)) {
            connection.reset(stream, Http2Error.ENHANCE_YOUR_CALM);
            gone();
            return;
        }
        begun = true;
        boolean hasBody = response.mayHaveBody();
        boolean isBare = !hasBody || head.isHead() || whole.length == 0;
        Http2Headers headers = Http2Heads.response(response, hasBody ? whole.length : -1);
        ChannelPromise sent = promise();
        open.write(new DefaultHttp2HeadersFrame(headers, isBare).stream(stream), sent);
        finish(isBare ? sent : data(Unpooled.wrappedBuffer(whole), true));
    }

    /** The answer to a request that went wrong on the way. */
    void refuse(ResponseHead response, byte[] whole) {
        if (begun) {
            connection.reset(stream, Http2Error.ENHANCE_YOUR_CALM);
            gone();
            return;
        }
        answer(response, whole);
        if (goneAction != null) {
            goneAction.run();
        }
    }

    @Override
    public void begin(ResponseHead response) {
        if (begun || gone) {
            return;
        }
        begun = true;
        ChannelPromise sent = promise();
        Http2Headers headers = Http2Heads.response(response, -1);
        open.write(new DefaultHttp2HeadersFrame(headers, head.isHead()).stream(stream), sent);
        if (head.isHead()) {
            finish(sent);
        }
    }

    @Override
    public void write(Frame frame) {
        if (begun && !ended && !gone && frame.length() > 0) {
            data(Unpooled.wrappedBuffer(frame.bytes()), false);
        }
    }

    @Override
    public void end() {
        if (begun && !ended && !gone) {
            finish(data(Unpooled.EMPTY_BUFFER, true));
        }
    }

    private ChannelPromise data(ByteBuf bytes, boolean isLast) {
        int length = bytes.readableBytes();
        unsentBytes += length;
        connection.unsent(length);
        ChannelPromise sent = promise();
        sent.addListener(done -> {
            unsentBytes -= length;
            connection.unsent(-length);
            drainedIfRoom();
        });
        open.write(new DefaultHttp2DataFrame(bytes, isLast).stream(stream), sent);
        return sent;
    }

    /** Once the answer is out, a caller that still sends its request is told not to (RFC 9113 section 8.1). */
    private void finish(ChannelPromise sent) {
        ended = true;
        hand();
        if (!hasAll) {
            sent.addListener(done -> {
                if (!hasAll && !gone) {
                    connection.reset(stream, Http2Error.NO_ERROR);
                }
            });
        }
    }

    private ChannelPromise promise() {
        return open.channel().newPromise();
    }

    // --- the caller --------------------------------------------------------------------------------------------------

    @Override
    public Loop loop() {
        return open.loop();
    }

    @Override
    public String address() {
        return open.address();
    }

    @Override
    public boolean isFull() {
        boolean isFull = unsentBytes >= UNSENT_BYTES_MAX || !open.channel().isWritable();
        wasFull |= isFull;
        return isFull;
    }

    @Override
    public boolean isSent() {
        return unsentBytes == 0;
    }

    @Override
    public void onDrain(Runnable newDrained) {
        drained = newDrained;
    }

    @Override
    public void onGone(Runnable newGone) {
        goneAction = newGone;
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public void disconnect() {
        if (!gone) {
            connection.reset(stream, Http2Error.CANCEL);
            gone();
        }
    }

    /** Whether it waits for more of the body. */
    boolean isReading() {
        return receiver != null && !hasAll && !ended && !gone;
    }

    void drainedIfRoom() {
        boolean hasRoom = unsentBytes <= UNSENT_BYTES_MAX / 2 && open.channel().isWritable();
        if (wasFull && hasRoom && drained != null && !ended && !gone) {
            wasFull = false;
            drained.run();
        }
    }

    /** The stream is no more. */
    void gone() {
        if (gone) {
            return;
        }
        gone = true;
        waiting.forEach(Http2DataFrame::release);
        waiting.clear();
        if (goneAction != null && !ended) {
            goneAction.run();
        }
    }
}

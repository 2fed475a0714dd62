package celeriant.gateway.net;

import celeriant.gateway.http.Answer;
import celeriant.gateway.http.HeaderBlock;
import celeriant.gateway.http.RequestHead;
import celeriant.gateway.http.ResponseHead;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamEvent;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One connection of HTTP/2 (RFC 9113) with its streams, each a request and its answer. Frames are Netty's; their limits
 * are here. Confined to its event loop.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter implements OpenConnection.Conduct {
    /** Pages of one origin share a connection, and each may hold some event streams open. */
    static final int STREAMS_MAX = 128;

    /** Of requests that are cancelled: more of them cost more than they bring (CVE-2023-44487). */
    static final int RESETS_MAX = 200;

    static final int RESETS_SECONDS = 30;

    /** What a caller may send of a body that nobody takes yet. */
    static final int WINDOW_BYTES = 64 * 1024;

    /** Of answers that wait for room in the caller's windows, all streams together, but for a single one. */
    static final long UNSENT_BYTES_MAX = 32L << 20;

    private static final int EMPTY_FRAMES_MAX = 2;
    private static final int CONTROL_FRAMES_MAX = 1_000;
    private static final HeaderBlock STANDING = HeaderBlock.of(List.of("X-Content-Type-Options", "nosniff"));

    private final LoopConnections connections;
    private final FrameBounds bounds = new FrameBounds();
    private final Map<Http2FrameStream, Http2Turn> turns = new HashMap<>();
    private Channel channel;
    private OpenConnection open;
    private boolean closing;
    private long unsentBytes;

    Http2Connection(LoopConnections connections) {
        this.connections = connections;
    }

    /** What stands before it, in this order: what counts the bytes, and what makes frames of them. */
    ChannelHandler[] before() {
        return new ChannelHandler[] {bounds, codec()};
    }

    private static ChannelHandler codec() {
        return Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(STREAMS_MAX)
                        .initialWindowSize(WINDOW_BYTES)
                        .maxHeaderListSize(Http2Heads.BYTES_MAX))
                .decoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_FRAMES_MAX)
                .encoderEnforceMaxQueuedControlFrames(CONTROL_FRAMES_MAX)
                .gracefulShutdownTimeoutMillis(0)
                .build();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        open = new OpenConnection(channel, connections, this);
        bounds.tell(open);
        if (connections.add(open) != null) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connections.remove(open);
        List<Http2Turn> all = new ArrayList<>(turns.values());
        turns.clear();
        all.forEach(Http2Turn::gone);
    }

    /** After a fault of the connection ({@link Http2Exception}) the codec says so to the caller, and closes. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
        if (fault instanceof Http2FrameStreamException one) {
            reset(one.stream(), one.error());
        } else if (!(fault instanceof Http2Exception)) {
            channel.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            new ArrayList<>(turns.values()).forEach(Http2Turn::drainedIfRoom);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2FrameStreamEvent change
                && change.type() == Http2FrameStreamEvent.Type.State
                && change.stream().state() == Http2Stream.State.CLOSED) {
            closed(change.stream());
        }
    }

    private void closed(Http2FrameStream stream) {
        Http2Turn turn = turns.remove(stream);
        if (turn != null) {
            turn.gone();
        }
        if (closing && turns.isEmpty()) {
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (message) {
            case Http2HeadersFrame headers -> head(headers);
            case Http2DataFrame data -> body(data);
            case Http2ResetFrame reset -> closed(reset.stream());
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void head(Http2HeadersFrame frame) {
        Http2Turn known = turns.get(frame.stream());
        if (known != null) {
            known.receivedAll();
            return;
        }
        RequestHead request;
        try {
            request = Http2Heads.request(frame.headers());
        } catch (MalformedException e) {
            refuse(turn(frame, RequestHead.NOTHING), e.problem());
            return;
        }
        connections.receiver().receive(request, turn(frame, request));
    }

    private static void refuse(Http2Turn turn, Problem problem) {
        Answer answer = Answer.problem(problem);
        ResponseHead head = new ResponseHead(answer.status(), STANDING).put("Content-Type", answer.contentType());
        turn.refuse(head, answer.body());
    }

    @Override
    public boolean owesHead() {
        return bounds.isInHead();
    }

    @Override
    public int owedBodies() {
        return (int) turns.values().stream().filter(Http2Turn::isReading).count();
    }

    /** Bodies that are waited for are refused; a head that does not come whole leaves nothing to answer. */
    @Override
    public void tooSlow(String detail) {
        List<Http2Turn> late =
                turns.values().stream().filter(Http2Turn::isReading).toList();
        late.forEach(turn -> refuse(turn, Problem.of(ErrorCode.TOO_SLOW, detail)));
        if (late.isEmpty()) {
            open.write(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM), channel.newPromise());
            open.flush();
            channel.close();
        }
    }

    private Http2Turn turn(Http2HeadersFrame frame, RequestHead request) {
        Http2Turn turn = new Http2Turn(this, open, frame.stream(), request, frame.isEndStream());
        turns.put(frame.stream(), turn);
        return turn;
    }

    private void body(Http2DataFrame data) {
        Http2Turn turn = turns.get(data.stream());
        if (turn == null) {
            consumed(data.stream(), data.initialFlowControlledBytes());
            data.release();
        } else {
            turn.received(data);
        }
    }

    /** Whether an answer of so many bytes is more than should wait for this caller. */
    boolean isTooMuch(int bytes) {
        return unsentBytes > 0 && unsentBytes + bytes > UNSENT_BYTES_MAX;
    }

    /** So many bytes wait for the caller, or have gone (below 0). */
    void unsent(long bytes) {
        unsentBytes += bytes;
    }

    /** Lets the caller send as much more. */
    void consumed(Http2FrameStream stream, int bytes) {
        if (bytes > 0) {
            open.write(new DefaultHttp2WindowUpdateFrame(bytes).stream(stream), channel.newPromise());
        }
    }

    /** Ends a stream before its time; its turn hears of it. */
    void reset(Http2FrameStream stream, Http2Error why) {
        open.write(new DefaultHttp2ResetFrame(why).stream(stream), channel.newPromise());
    }

    /** The gateway stops: no new streams, and the end after those that are in flight. */
    @Override
    public void closeWhenIdle() {
        if (closing) {
            return;
        }
        closing = true;
        open.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR), channel.newPromise());
        if (turns.isEmpty()) {
            open.flush();
            channel.close();
        }
    }
}

package celeriant.gateway.net;

import celeriant.gateway.http.Answer;
import celeriant.gateway.http.HeaderBlock;
import celeriant.gateway.http.ResponseHead;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.List;

/**
 * One connection of HTTP/1.1: takes one request at a time out of what was received, and the next when that has been
 * answered, so that answers go out in the order of the requests however many came at once. What comes meanwhile waits,
 * {@link #WAITING_BYTES_MAX} of it here and the rest with the caller. Confined to its event loop.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements OpenConnection.Conduct {
    /** The longest head fits into it: one that has not ended must not be left with the caller. */
    static final int WAITING_BYTES_MAX = HeadEnd.LINE_BYTES_MAX + HeadEnd.HEADER_BYTES_MAX + 1_024;

    /** What a caller may still send after a refusal, so that it comes to reading it. */
    static final long DROPPED_BYTES_MAX = 32L << 20;

    private static final byte[] NONE = {};
    private static final HeaderBlock STANDING = HeaderBlock.of(List.of("X-Content-Type-Options", "nosniff"));

    private final LoopConnections connections;
    private final HeadEnd headEnd = new HeadEnd();
    private final LatestHead latest = new LatestHead();
    private Channel channel;
    private OpenConnection open;
    private byte[] data = NONE;
    private int from;
    private int to;
    private Http1Turn turn;
    private boolean advancing;
    private boolean closing;
    private boolean dropping;
    private long dropped;

    Http1Connection(LoopConnections connections) {
        this.connections = connections;
    }

    /** After TLS has begun, the connection is active already. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel().isActive()) {
            channelActive(context);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (open != null) {
            return;
        }
        channel = context.channel();
        open = new OpenConnection(channel, connections, this);
        String tooMany = connections.add(open);
        if (tooMany != null) {
            refuse(Problem.of(ErrorCode.TOO_MANY_REQUESTS, tooMany));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connections.remove(open);
        dropping = true;
        if (turn != null) {
            turn.gone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
        channel.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (turn != null && channel.isWritable()) {
            turn.drained();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf received = (ByteBuf) message;
        open.heard(received.readableBytes());
        try {
            if (dropping) {
                dropped(received.readableBytes());
            } else {
                receive(received);
            }
        } finally {
            received.release();
        }
    }

    /** Most requests come whole, and are read from an array that all connections of the loop share. */
    private void receive(ByteBuf received) {
        int length = received.readableBytes();
        byte[] shared = connections.received();
        if (from == to && length <= shared.length) {
            data = shared;
            from = 0;
            to = length;
            received.readBytes(shared, 0, length);
        } else {
            keep(length);
            received.readBytes(data, to, length);
            to += length;
        }
        advance();
    }

    /** Makes what waits this connection's own, with room for more. */
    private void keep(int more) {
        int length = to - from;
        if (length + more == 0) {
            data = NONE;
        } else if (data == connections.received() || to + more > data.length) {
            byte[] own = new byte[Math.max(length + more, data == connections.received() ? 0 : 2 * length)];
            System.arraycopy(data, from, own, 0, length);
            data = own;
        } else {
            return;
        }
        from = 0;
        to = length;
    }

    /** Takes as much as can be taken now. */
    void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            boolean more = true;
            while (more) {
                more = !dropping && step();
            }
        } catch (MalformedException e) {
            refuse(e.problem());
        } finally {
            advancing = false;
        }
        if (dropping) {
            from = to;
        }
        keep(0);
        boolean reads = to - from < WAITING_BYTES_MAX;
        if (channel.config().isAutoRead() != reads) {
            channel.config().setAutoRead(reads);
        }
    }

    private boolean step() throws MalformedException {
        if (turn == null) {
            return nextTurn();
        }
        int before = from;
        from = turn.takeBody(data, from, to);
        return from > before || turn == null;
    }

    private boolean nextTurn() throws MalformedException {
        Head again = headEnd.isFresh() ? latest.again(data, from, to) : null;
        if (again != null) {
            from += latest.length();
            begin(again);
            return true;
        }
        int length = headEnd.find(data, from, to);
        if (length < 0) {
            return false;
        }
        int headFrom = from;
        from += length;
        if (length > 2) {
            Head head = connections.parser().parse(data, headFrom, from);
            latest.keep(head, data, headFrom, from);
            begin(head);
        }
        return true;
    }

    private void begin(Head head) {
        turn = new Http1Turn(this, open, head);
        dropped = 0;
        open.owesAnew();
        connections.receiver().receive(head.request(), turn);
    }

    /** The turn is over: its request was read whole, and answered. */
    void over() {
        boolean ends = closing || turn.closes();
        turn = null;
        open.owesAnew();
        if (ends) {
            closeAfterWrites();
        } else {
            advance();
        }
    }

    @Override
    public boolean owesHead() {
        return !dropping && turn == null && from < to;
    }

    @Override
    public int owedBodies() {
        return !dropping && turn != null && turn.isReading() ? 1 : 0;
    }

    @Override
    public void tooSlow(String detail) {
        refuse(Problem.of(ErrorCode.TOO_SLOW, detail));
    }

    private void refuse(Problem problem) {
        dropping = true;
        if (turn != null && turn.isBegun()) {
            channel.close();
            return;
        }
        Http1Turn refused = turn == null ? Http1Turn.ofNothing(this, open) : turn;
        Answer answer = Answer.problem(problem);
        ResponseHead head = new ResponseHead(answer.status(), STANDING).put("Content-Type", answer.contentType());
        answer.headers().forEach(head::put);
        refused.refuse(head, answer.body());
    }

    /** Sends no more, and closes when the caller does, or soon: it should come to reading the answer. */
    void linger() {
        dropping = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null) {
                tls.closeOutbound();
            } else if (channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            }
            open.closeSoon();
        });
    }

    /** Counts what was read for nobody. */
    void dropped(int length) {
        dropped += length;
        if (dropped > DROPPED_BYTES_MAX) {
            channel.close();
        }
    }

    private void closeAfterWrites() {
        dropping = true;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** The gateway stops: closes after what is in flight. */
    @Override
    public void closeWhenIdle() {
        closing = true;
        if (turn == null) {
            closeAfterWrites();
        }
    }

    /** Whether more than the present request's head has come. */
    boolean hasMore() {
        return from < to;
    }

    boolean isClosing() {
        return closing;
    }
}

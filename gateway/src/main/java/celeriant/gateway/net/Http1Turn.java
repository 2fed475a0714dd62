package celeriant.gateway.net;

import celeriant.gateway.http.BodyReceiver;
import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.Frame;
import celeriant.gateway.http.Loop;
import celeriant.gateway.http.Outlet;
import celeriant.gateway.http.RequestHead;
import celeriant.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * One request on a connection of HTTP/1.1, and its answer. It is over when the request has been read whole and the
 * answer has been written; what is done with it after that has no effect. Confined to its event loop.
 */
final class Http1Turn implements Carrier {
    private static final BodyReceiver NOBODY = new BodyReceiver() {
        @Override
        public void take(byte[] bytes, int from, int length) {
            // The answer was given without it.
        }

        @Override
        public void end() {
            // The next request may come.
        }
    };

    private final Http1Connection connection;
    private final OpenConnection open;
    private Head head;
    private final BodyBytes body;
    private BodyReceiver receiver;
    private Runnable drained;
    private Runnable goneAction;
    private boolean isRead;
    private boolean continued;
    private boolean begun;
    private boolean inChunks;
    private boolean closes;
    private boolean ended;
    private boolean gone;
    private boolean over;

    Http1Turn(Http1Connection connection, OpenConnection open, Head head) {
        this.connection = connection;
        this.open = open;
        this.head = head;
        this.isRead = head.contentLength() == 0;
        this.body = isRead ? null : BodyBytes.of(head.contentLength());
    }

    /** For the answer to something that is no request. */
    static Http1Turn ofNothing(Http1Connection connection, OpenConnection open) {
        return new Http1Turn(connection, open, new Head(RequestHead.NOTHING, 0, false, true, false));
    }

    // --- the request -------------------------------------------------------------------------------------------------

    @Override
    public void receiveBody(BodyReceiver newReceiver) {
        if (isRead) {
            newReceiver.end();
            return;
        }
        receiver = newReceiver;
        if (head.expectsContinue() && !continued && !begun) {
            continued = true;
            write(open.answers().carryOn(open.memory()));
        }
        connection.advance();
    }

    /** Takes what is body out of what was received; returns where the rest begins. */
    int takeBody(byte[] data, int from, int to) throws MalformedException {
        if (isRead || receiver == null) {
            return from;
        }
        int rest = body.take(data, from, to, receiver);
        connection.dropped(receiver == NOBODY ? rest - from : 0);
        if (body.isWhole()) {
            isRead = true;
            receiver.end();
            overIfDone();
        }
        return rest;
    }

    /** Whether the connection is of no use for another request. */
    boolean closes() {
        return closes;
    }

    // --- the answer --------------------------------------------------------------------------------------------------

    @Override
    public void answer(ResponseHead response, byte[] whole) {
        if (begun || gone) {
            return;
        }
        begun = true;
        closes = mustClose();
        boolean hasBody = response.mayHaveBody();
        byte[] sent = hasBody && !head.request().isHead() ? whole : null;
        long size = hasBody ? whole.length : AnswerBytes.UNTOLD;
        ByteBuffer now = mayGoNow() ? open.answers().inPlace(response, head, closes, size, sent) : null;
        if (now == null) {
            write(open.answers().answer(open.memory(), response, head, closes, size, sent));
        } else {
            open.sendNow(now);
        }
        finish();
    }

    /** Answers to requests that came together go out together; nobody else waits for what another one is answered. */
    private boolean mayGoNow() {
        return open.isIdle() && !connection.hasMore();
    }

    @Override
    public void begin(ResponseHead response) {
        if (begun || gone) {
            return;
        }
        begun = true;
        boolean isHead = head.request().isHead();
        inChunks = head.takesChunks() && !isHead;
        closes = mustClose() || !head.takesChunks() && !isHead;
        long size = inChunks ? AnswerBytes.CHUNKED : AnswerBytes.UNTOLD;
        write(open.answers().answer(open.memory(), response, head, closes, size, null));
        head = head.bare();
        if (isHead) {
            finish();
        }
    }

    @Override
    public void write(Frame frame) {
        if (begun && !ended && !gone && frame.length() > 0) {
            write(inChunks ? chunk(frame) : Unpooled.wrappedBuffer(frame.bytes()));
        }
    }

    private ByteBuf chunk(Frame frame) {
        return frame.isShared() ? frame.chunk() : open.answers().chunk(open.memory(), frame.bytes());
    }

    @Override
    public Outlet outlet() {
        if (!inChunks || ended || gone) {
            return Carrier.super.outlet();
        }
        open.streams(this, this::drained);
        return open;
    }

    @Override
    public void holdsLittle() {
        open.holdLittle();
    }

    @Override
    public void end() {
        if (begun && !ended && !gone) {
            if (inChunks) {
                write(open.answers().lastChunk(open.memory()));
            }
            finish();
        }
    }

    /** The answer to a request that went wrong on the way. */
    void refuse(ResponseHead response, byte[] whole) {
        begun = true;
        write(open.answers().answer(open.memory(), response, head, true, whole.length, whole));
        connection.linger();
        gone();
        ended = true;
    }

    private boolean mustClose() {
        return !head.keepsAlive() || connection.isClosing() || leavesBody();
    }

    /** Whether what is left of the body does not come, or is more than is read for nobody. */
    private boolean leavesBody() {
        boolean waitsForContinue = head.expectsContinue() && !continued;
        return waitsForContinue || !isRead && body.left() > Http1Connection.DROPPED_BYTES_MAX;
    }

    private void write(ByteBuf bytes) {
        open.write(bytes);
    }

    private void finish() {
        ended = true;
        open.streamEnded();
        if (isRead) {
            overIfDone();
        } else if (leavesBody()) {
            connection.linger();
        } else {
            receiver = NOBODY;
            connection.advance();
        }
    }

    private void overIfDone() {
        if (isRead && ended && !over) {
            over = true;
            connection.over();
        }
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
        return !open.channel().isWritable();
    }

    @Override
    public boolean isSent() {
        return open.waitingBytes() == 0;
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

    /** Whether it waits for more of the body. */
    boolean isReading() {
        return !isRead && receiver != null;
    }

    boolean isBegun() {
        return begun;
    }

    @Override
    public void disconnect() {
        if (!over) {
            open.channel().close();
        }
    }

    void drained() {
        if (drained != null && !ended) {
            drained.run();
        }
    }

    void gone() {
        if (gone) {
            return;
        }
        gone = true;
        open.streamEnded();
        if (goneAction != null && !ended) {
            goneAction.run();
        }
    }
}

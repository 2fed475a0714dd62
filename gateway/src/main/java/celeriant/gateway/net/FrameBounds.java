package celeriant.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Follows where the frames of HTTP/2 begin and end (RFC 9113 section 4.1), before they are read: who sends a part of
 * one shows no frame, and yet has begun. Confined to the event loop.
 */
final class FrameBounds extends ChannelInboundHandlerAdapter {
    private static final int PREFACE_BYTES = 24;
    private static final int HEAD_BYTES = 9;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    private final byte[] head = new byte[HEAD_BYTES];
    private int headBytes;
    private int left = PREFACE_BYTES;
    private boolean inData;
    private boolean inHeaders;
    private OpenConnection open;

    /** Where what is heard is told. */
    void tell(OpenConnection connection) {
        open = connection;
    }

    /** Whether a frame that carries no body, or a head of several frames, has begun and not ended. */
    boolean isInHead() {
        return inHeaders || headBytes > 0 || left > 0 && !inData;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            follow(bytes);
            open.heard(bytes.readableBytes());
        }
        context.fireChannelRead(message);
    }

    private void follow(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (!isInHead()) {
                open.headEnded();
            }
            if (left > 0) {
                int skipped = Math.min(left, end - at);
                left -= skipped;
                at += skipped;
            } else {
                head[headBytes++] = bytes.getByte(at++);
                if (headBytes == HEAD_BYTES) {
                    begin();
                }
            }
        }
    }

    private void begin() {
        headBytes = 0;
        left = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
        int type = head[TYPE_AT];
        inData = type == DATA;
        if (type == HEADERS || type == CONTINUATION) {
            inHeaders = (head[FLAGS_AT] & END_HEADERS) == 0;
        }
    }
}

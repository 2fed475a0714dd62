package celeriant.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a caller of HTTP/2 sends, byte by byte (RFC 9113, RFC 7541). */
final class Http2Bytes {
    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static final int FRAME_BYTES_MAX = 16_384;
    private static final int LENGTH_MAX = 127;

    private Http2Bytes() {}

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
        return ByteBufUtil.getBytes(frame.writeBytes(payload));
    }

    /** A request's head, in as many frames as it takes; {@code more} are names and values in turn. */
    static byte[] request(int stream, int flags, String method, String path, String... more) {
        ByteBuf block = Unpooled.buffer();
        String[] own = {":method", method, ":scheme", "https", ":path", path, ":authority", "127.0.0.1"};
        for (int i = 0; i < own.length; i += 2) {
            literal(block, own[i], own[i + 1]);
        }
        for (int i = 0; i < more.length; i += 2) {
            literal(block, more[i], more[i + 1]);
        }
        byte[] all = ByteBufUtil.getBytes(block);
        ByteBuf frames = Unpooled.buffer();
        for (int from = 0; from < all.length; from += FRAME_BYTES_MAX) {
            byte[] part = Arrays.copyOfRange(all, from, Math.min(all.length, from + FRAME_BYTES_MAX));
            int end = from + part.length == all.length ? RawHttp2.END_HEADERS : 0;
            int type = from == 0 ? RawHttp2.HEADERS : RawHttp2.CONTINUATION;
            frames.writeBytes(frame(type, (from == 0 ? flags : 0) | end, stream, part));
        }
        return ByteBufUtil.getBytes(frames);
    }

    /** A header that is not indexed (RFC 7541 section 6.2.2). */
    private static void literal(ByteBuf block, String name, String value) {
        block.writeByte(0);
        for (String text : new String[] {name, value}) {
            int length = text.length();
            if (length < LENGTH_MAX) {
                block.writeByte(length);
            } else {
                block.writeByte(LENGTH_MAX);
                int rest = length - LENGTH_MAX;
                while (rest >= 128) {
                    block.writeByte(rest & 127 | 128);
                    rest >>= 7;
                }
                block.writeByte(rest);
            }
            block.writeCharSequence(text, StandardCharsets.US_ASCII);
        }
    }
}

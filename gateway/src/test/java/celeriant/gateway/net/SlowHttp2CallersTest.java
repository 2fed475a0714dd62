package celeriant.gateway.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.http.Loop;
import celeriant.gateway.http.RequestReceiver;
import celeriant.gateway.http.TrafficLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A caller of HTTP/2 is held to the same pace as one of HTTP/1.1, in a connection without a network. */
class SlowHttp2CallersTest {
    private static final int HEAD_SECONDS = TrafficLimits.DEFAULT.headSeconds();
    private static final int PACE = TrafficLimits.DEFAULT.bodyBytesPerSecondMin();
    private static final int FRAME_HEAD_BYTES = 9;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final AtomicInteger gone = new AtomicInteger();

    private void open(RequestReceiver receiver) {
        // Otherwise time passes beside what the test lets pass.
        channel.freezeTime();
        LoopConnections connections = new LoopConnections(
                new Loop(channel.eventLoop(), 0), receiver, TrafficLimits.DEFAULT, new ConnectionCount(9, 9), 1 << 20);
        Http2Connection connection = new Http2Connection(connections);
        channel.pipeline().addLast(connection.before()).addLast(connection);
        channel.pipeline().fireChannelActive();
    }

    private void openEcho() {
        open((head, carrier) -> {
            carrier.onGone(gone::incrementAndGet);
            Caller.echo(head, carrier);
        });
        send(Http2Bytes.PREFACE.getBytes(StandardCharsets.US_ASCII));
        send(Http2Bytes.frame(RawHttp2.SETTINGS, 0, 0, new byte[0]));
    }

    private void send(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        channel.runPendingTasks();
    }

    private void post(int stream) {
        send(Http2Bytes.request(stream, 0, "POST", "/"));
    }

    private void data(int stream, int bytes) {
        send(Http2Bytes.frame(RawHttp2.DATA, 0, stream, new byte[bytes]));
    }

    private void after(int seconds) {
        for (int second = 0; second < seconds; second++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            channel.runPendingTasks();
        }
    }

    /** The statuses that were answered since the last time, with their streams. */
    private List<String> statuses() {
        channel.runPendingTasks();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            all.writeBytes(bytes);
            bytes.release();
        }
        List<String> statuses = new ArrayList<>();
        while (all.isReadable(FRAME_HEAD_BYTES)) {
            int length = all.readUnsignedMedium();
            int type = all.readByte();
            all.skipBytes(1);
            int stream = all.readInt();
            ByteBuf payload = all.readSlice(length);
            if (type == RawHttp2.HEADERS) {
                statuses.add(stream + ":" + status(stream, payload));
            }
        }
        return statuses;
    }

    private CharSequence status(int stream, ByteBuf block) {
        try {
            return decoder.decodeHeaders(stream, block).status();
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aHeadThatComesByteByByteEndsTheConnection() {
        openEcho();
        byte[] head = Http2Bytes.request(1, RawHttp2.END_STREAM, "GET", "/", "x", "y".repeat(100));
        for (int second = 0; second < HEAD_SECONDS - 1; second++) {
            send(Arrays.copyOfRange(head, second, second + 1));
            after(1);
        }
        assertTrue(channel.isOpen());
        after(1);
        assertFalse(channel.isOpen());
    }

    @Test
    void aHeadInPiecesOfWhichTheLastDoesNotComeEndsTheConnection() {
        openEcho();
        send(Http2Bytes.frame(RawHttp2.HEADERS, 0, 1, new byte[] {0}));
        after(HEAD_SECONDS);
        assertFalse(channel.isOpen());
    }

    @Test
    void aHeadHasItsOwnTimeWhateverCameBefore() {
        openEcho();
        post(1);
        for (int second = 0; second < 2 * HEAD_SECONDS; second++) {
            data(1, PACE);
            after(1);
        }
        send(Http2Bytes.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[0]));
        for (int stream = 3; stream < 2 * HEAD_SECONDS + 3; stream += 2) {
            byte[] head = Http2Bytes.request(stream, RawHttp2.END_STREAM, "GET", "/");
            send(Arrays.copyOfRange(head, 0, 5));
            after(1);
            assertTrue(channel.isOpen(), "each head came within a second");
            send(Arrays.copyOfRange(head, 5, head.length));
        }
    }

    @Test
    void whoAsksForNothingMayBeStill() {
        openEcho();
        send(Http2Bytes.request(1, RawHttp2.END_STREAM, "GET", "/"));
        assertEquals(List.of("1:200"), statuses());
        data(1, 10);
        after(2 * HEAD_SECONDS);
        assertTrue(channel.isOpen(), "a piece for a stream that is over is nothing begun");
    }

    @Test
    void aBodyThatTricklesIsRefusedAndTheConnectionGoesOn() {
        openEcho();
        post(1);
        for (int second = 0; second < HEAD_SECONDS; second++) {
            data(1, PACE / 2);
            after(1);
        }
        assertEquals(List.of("1:408"), statuses());
        assertEquals(1, gone.get(), "what was counted for it is let go");
        send(Http2Bytes.request(3, RawHttp2.END_STREAM, "GET", "/"));
        assertEquals(List.of("3:200"), statuses());
    }

    @Test
    void aFrameThatTricklesWithABodyIsCountedAsItComes() {
        openEcho();
        post(1);
        byte[] frame = Http2Bytes.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[16_000]);
        for (int at = 0; at < frame.length; at += PACE) {
            send(Arrays.copyOfRange(frame, at, Math.min(frame.length, at + PACE)));
            after(1);
        }
        assertEquals(List.of("1:200"), statuses());
    }

    @Test
    void bodiesThatComeOneAfterTheOtherAreTakenAtThePaceOfAll() {
        openEcho();
        post(1);
        post(3);
        for (int second = 0; second < HEAD_SECONDS; second++) {
            data(1, 2 * PACE);
            after(1);
        }
        assertEquals(List.of(), statuses());
        for (int second = 0; second < HEAD_SECONDS; second++) {
            data(1, PACE / 2);
            after(1);
        }
        assertEquals(List.of("1:408", "3:408"), statuses().stream().sorted().toList());
    }

    @Test
    void whoWaitsForAnAnswerIsNotHurried() {
        open((head, carrier) -> {});
        send(Http2Bytes.PREFACE.getBytes(StandardCharsets.US_ASCII));
        send(Http2Bytes.frame(RawHttp2.SETTINGS, 0, 0, new byte[0]));
        post(1);
        after(2 * HEAD_SECONDS);
        assertTrue(channel.isOpen(), "nobody has asked for the body yet");
    }
}

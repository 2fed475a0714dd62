package celeriant.gateway.net;

import celeriant.gateway.http.BodyReceiver;
import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.HeaderBlock;
import celeriant.gateway.http.Loop;
import celeriant.gateway.http.RequestHead;
import celeriant.gateway.http.RequestReceiver;
import celeriant.gateway.http.ResponseHead;
import celeriant.gateway.http.TrafficLimits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A connection without a network: what is sent arrives at once, in the pieces in which it was sent. */
final class Caller {
    private static final HeaderBlock STANDING = HeaderBlock.of(List.of("X-Standing", "yes"));

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final LoopConnections connections;

    /** {@code receiver} is asked for each request. */
    Caller(RequestReceiver receiver) {
        // Otherwise time passes beside what the test lets pass.
        channel.freezeTime();
        connections = new LoopConnections(
                new Loop(channel.eventLoop(), 0), receiver, TrafficLimits.DEFAULT, new ConnectionCount(9, 9), 1 << 20);
        channel.pipeline().addLast(new Http1Connection(connections));
        channel.pipeline().fireChannelActive();
    }

    /** Answers each request with its method, path and body. */
    static void echo(RequestHead head, Carrier carrier) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        carrier.receiveBody(new BodyReceiver() {
            @Override
            public void take(byte[] bytes, int from, int length) {
                body.write(bytes, from, length);
            }

            @Override
            public void end() {
                answer(carrier, 200, head.method() + " " + head.path() + " " + body.toString(StandardCharsets.UTF_8));
            }
        });
    }

    static void answer(Carrier carrier, int status, String body) {
        carrier.answer(head(status), body.getBytes(StandardCharsets.UTF_8));
    }

    static ResponseHead head(int status) {
        return new ResponseHead(status, STANDING);
    }

    /** So many seconds pass. */
    Caller after(int seconds) {
        for (int second = 0; second < seconds; second++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        return this;
    }

    Caller send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        channel.runPendingTasks();
        return this;
    }

    /** In pieces of {@code size} characters. */
    Caller send(String text, int size) {
        for (int i = 0; i < text.length(); i += size) {
            send(text.substring(i, Math.min(text.length(), i + size)));
        }
        return this;
    }

    /** Everything that has come back since the last time. */
    String received() {
        channel.runPendingTasks();
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            text.append(bytes.toString(StandardCharsets.UTF_8));
            bytes.release();
        }
        return text.toString();
    }

    boolean isOpen() {
        channel.runPendingTasks();
        return channel.isOpen();
    }

    /** Whether the connection still takes bytes from the network. */
    boolean isRead() {
        return channel.config().isAutoRead();
    }

    void close() {
        channel.close();
        channel.runPendingTasks();
    }

    LoopConnections connections() {
        return connections;
    }

    EmbeddedChannel channel() {
        return channel;
    }
}

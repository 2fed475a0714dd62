package celeriant.simulation;

import celeriant.client.gateway.Http;
import celeriant.gateway.http.BodyReceiver;
import celeriant.gateway.http.Carrier;
import celeriant.gateway.http.Frame;
import celeriant.gateway.http.HeaderLines;
import celeriant.gateway.http.Loop;
import celeriant.gateway.http.RequestHead;
import celeriant.gateway.http.ResponseHead;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Carries one request to the gateway, and its answer back to who takes it. */
final class Served implements Carrier {
    /** Takes the answer. */
    interface Taker {
        void head(int status, Map<String, String> headers);

        void piece(byte[] bytes);

        void end();

        /** The gateway cut the connection. */
        void cut();

        /** Whether more bytes wait than are wanted. */
        boolean isFull();
    }

    private final Http.Call call;
    private final Taker taker;
    private final Loop loop;
    private Runnable onDrain = () -> {};
    private Runnable onGone = () -> {};
    private boolean ended;
    private boolean gone;

    Served(Http.Call call, Taker taker, Loop loop) {
        this.call = call;
        this.taker = taker;
        this.loop = loop;
    }

    RequestHead head() {
        URI uri = call.uri();
        List<String> lines = new ArrayList<>();
        call.headers().forEach((name, value) -> lines.addAll(List.of(name, value)));
        return new RequestHead(
                call.method(), uri.getRawPath(), uri.getRawQuery(), uri.getRawAuthority(), HeaderLines.of(lines));
    }

    /** The other side went away. */
    void leave() {
        if (!gone && !ended) {
            gone = true;
            onGone.run();
        }
    }

    /** There is room again. */
    void drained() {
        if (!gone && !ended) {
            onDrain.run();
        }
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public void receiveBody(BodyReceiver receiver) {
        if (call.body() != null) {
            receiver.take(call.body(), 0, call.body().length);
        }
        receiver.end();
    }

    @Override
    public void answer(ResponseHead head, byte[] body) {
        begin(head);
        if (!gone) {
            taker.piece(body);
        }
        end();
    }

    @Override
    public void begin(ResponseHead head) {
        Map<String, String> headers = new HashMap<>();
        put(headers, head.standing().namesAndValues());
        put(headers, head.own());
        if (!gone) {
            taker.head(head.status(), headers);
        }
    }

    private static void put(Map<String, String> headers, List<String> namesAndValues) {
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            headers.put(namesAndValues.get(i).toLowerCase(Locale.ROOT), namesAndValues.get(i + 1));
        }
    }

    @Override
    public void write(Frame frame) {
        if (!gone) {
            taker.piece(frame.bytes());
        }
    }

    @Override
    public void end() {
        ended = true;
        if (!gone) {
            taker.end();
        }
    }

    @Override
    public boolean isFull() {
        return taker.isFull();
    }

    @Override
    public boolean isSent() {
        return !taker.isFull();
    }

    @Override
    public void onDrain(Runnable drained) {
        onDrain = drained;
    }

    @Override
    public void onGone(Runnable newGone) {
        onGone = newGone;
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public void disconnect() {
        gone = true;
        taker.cut();
    }
}

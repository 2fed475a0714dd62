package celeriant.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;

/** Devices with a token each, whose pushes are signed ahead: what the server has to check, and nothing beside it. */
final class ProvedPushes {
    private static final String APPENDS = "/v1/bench/appends";

    private final ProvedDevices proved;
    private final List<Pusher> pushers = new ArrayList<>();

    private static final class Pusher {
        final ProvedDevices.Device device;
        final String aggregate = "stream/of-" + UUID.randomUUID();
        UUID last;

        Pusher(ProvedDevices.Device device) {
            this.device = device;
        }
    }

    ProvedPushes(CeleriantPeer peer, int count) throws GeneralSecurityException, IOException, InterruptedException {
        proved = new ProvedDevices(peer);
        for (int i = 0; i < count; i++) {
            pushers.add(new Pusher(proved.add()));
        }
    }

    /** The first pushes of each device, which the connection of its number sends in order. */
    IntFunction<Exchange> sign(int pushes) throws GeneralSecurityException {
        List<List<ByteBuffer>> signed = new ArrayList<>();
        for (Pusher pusher : pushers) {
            List<ByteBuffer> own = new ArrayList<>();
            for (int sequence = 1; sequence <= pushes; sequence++) {
                own.add(push(pusher, sequence));
            }
            signed.add(own);
        }
        return connection ->
                new HttpExchange(1, number -> signed.get(connection).get((int) number));
    }

    private ByteBuffer push(Pusher pusher, int sequence) throws GeneralSecurityException {
        String after =
                pusher.last == null ? "null" : "{\"sequence\":" + (sequence - 1) + ",\"id\":\"" + pusher.last + "\"}";
        pusher.last = UUID.randomUUID();
        String body = "{\"after\":" + after + ",\"appends\":[{\"sequence\":" + sequence + ",\"id\":\"" + pusher.last
                + "\",\"events\":[{\"aggregate\":\"" + pusher.aggregate + "\",\"type\":\"measured\",\"data\":"
                + AppendPeer.payload() + "}]}]}";
        String lines = proved.lines(pusher.device, "POST", APPENDS) + RequestBytes.JSON;
        return RequestBytes.post(APPENDS, lines, body);
    }
}

package celeriant.bench;

import celeriant.wire.DeviceKey;
import celeriant.wire.DpopProof;
import celeriant.wire.SignatureProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Devices with a token each, whose pushes are signed ahead: what the server has to check, and nothing beside it. */
final class ProvedPushes {
    private static final String PROVIDER = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");
    private static final String TOKENS = "/oauth/token";

    private final String url;
    private final List<Device> devices = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final SignatureProvider signatures = signatures();
    private String nonce;

    private static final class Device {
        final DeviceKey key = DeviceKey.generate(new SecureRandom());
        final String aggregate = "stream/of-" + UUID.randomUUID();
        String token;
        UUID last;
    }

    ProvedPushes(CeleriantPeer peer, int count) throws GeneralSecurityException, IOException, InterruptedException {
        url = "http://127.0.0.1:" + peer.port();
        for (int i = 0; i < count; i++) {
            Device device = new Device();
            device.token = token(device);
            devices.add(device);
        }
    }

    /** The fast one where it runs: thousands of proofs are signed before a round. */
    private static SignatureProvider signatures() {
        try {
            return SignatureProvider.of(
                    (Provider) Class.forName(PROVIDER).getField("INSTANCE").get(null));
        } catch (ReflectiveOperationException | LinkageError e) {
            return SignatureProvider.jdk();
        }
    }

    private String token(Device device) throws GeneralSecurityException, IOException, InterruptedException {
        for (int attempt = 0; attempt < 2; attempt++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + TOKENS))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("DPoP", proof(device, TOKENS, null))
                    .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            nonce = answer.headers().firstValue("DPoP-Nonce").orElseThrow();
            Matcher token = TOKEN.matcher(answer.body());
            if (token.find()) {
                return token.group(1);
            }
        }
        throw new IOException("no token");
    }

    private String proof(Device device, String path, String token) throws GeneralSecurityException {
        return new DpopProof(UUID.randomUUID(), "POST", url + path, 1_700_000_000, nonce, token)
                .sign(device.key, signatures);
    }

    /** The first pushes of each device, which the connection of its number sends in order. */
    IntFunction<Exchange> sign(int pushes) throws GeneralSecurityException {
        List<List<ByteBuffer>> signed = new ArrayList<>();
        for (Device device : devices) {
            List<ByteBuffer> own = new ArrayList<>();
            for (int sequence = 1; sequence <= pushes; sequence++) {
                own.add(push(device, sequence));
            }
            signed.add(own);
        }
        return connection ->
                new HttpExchange(1, number -> signed.get(connection).get((int) number));
    }

    private ByteBuffer push(Device device, int sequence) throws GeneralSecurityException {
        String after =
                device.last == null ? "null" : "{\"sequence\":" + (sequence - 1) + ",\"id\":\"" + device.last + "\"}";
        device.last = UUID.randomUUID();
        String body = "{\"after\":" + after + ",\"appends\":[{\"sequence\":" + sequence + ",\"id\":\"" + device.last
                + "\",\"events\":[{\"aggregate\":\"" + device.aggregate + "\",\"type\":\"measured\",\"data\":"
                + AppendPeer.payload() + "}]}]}";
        return ByteBuffer.wrap(("POST /v1/bench/appends HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: DPoP "
                        + device.token + "\r\nDPoP: " + proof(device, "/v1/bench/appends", device.token)
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII));
    }
}

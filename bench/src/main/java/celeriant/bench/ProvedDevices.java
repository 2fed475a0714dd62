package celeriant.bench;

import celeriant.wire.DeviceKey;
import celeriant.wire.DpopProof;
import celeriant.wire.SignatureProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Devices of a gateway, each with a key and a token of its own, and the proofs that they sign. Confined to a thread.
 */
final class ProvedDevices {
    private static final String PROVIDER = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");
    private static final String TOKENS = "/oauth/token";
    private static final long ISSUED_AT = 1_700_000_000;

    private final String url;
    private final HttpClient client = HttpClient.newHttpClient();
    private final SignatureProvider signatures = signatures();
    private String nonce;

    /** One device, which has a token. */
    record Device(DeviceKey key, String token) {}

    ProvedDevices(CeleriantPeer peer) {
        url = "http://127.0.0.1:" + peer.port();
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

    /** One more device. */
    Device add() throws GeneralSecurityException, IOException, InterruptedException {
        DeviceKey key = DeviceKey.generate(new SecureRandom());
        for (int attempt = 0; attempt < 2; attempt++) {
            HttpResponse<String> answer = client.send(
                    request("POST", TOKENS, key, null)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            nonce = answer.headers().firstValue("DPoP-Nonce").orElseThrow();
            Matcher token = TOKEN.matcher(answer.body());
            if (token.find()) {
                return new Device(key, token.group(1));
            }
        }
        throw new IOException("no token");
    }

    private HttpRequest.Builder request(String method, String path, DeviceKey key, String token)
            throws GeneralSecurityException {
        return HttpRequest.newBuilder(URI.create(url + path)).header("DPoP", proof(method, path, key, token));
    }

    private String proof(String method, String path, DeviceKey key, String token) throws GeneralSecurityException {
        return new DpopProof(UUID.randomUUID(), method, url + path, ISSUED_AT, nonce, token).sign(key, signatures);
    }

    /** The lines of a request's head that prove who asks. */
    String lines(Device device, String method, String path) throws GeneralSecurityException {
        return "Authorization: DPoP " + device.token() + "\r\nDPoP: "
                + proof(method, path, device.key(), device.token()) + "\r\n";
    }

    /**
     * Sends a request with a body of JSON.
     *
     * @throws IOException if it is refused
     */
    void send(Device device, String method, String path, String body, String... headers)
            throws GeneralSecurityException, IOException, InterruptedException {
        HttpRequest.Builder request = request(method, path, device.key(), device.token())
                .header("Authorization", "DPoP " + device.token())
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
    }
}

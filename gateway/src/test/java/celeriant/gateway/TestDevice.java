package celeriant.gateway;

import celeriant.wire.DeviceKey;
import celeriant.wire.DpopProof;
import celeriant.wire.SignatureProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A device as a client of the gateway is one: a key, a token for it, a fresh proof for every request, the nonce of the
 * last answer. Confined to its test.
 */
public final class TestDevice {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(60))
            .build();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final String url;
    private final String publicUrl;
    private final DeviceKey key;
    private final HttpClient http;
    private String token;
    private String nonce;

    public TestDevice(String url) {
        this(url, DeviceKey.generate(new SecureRandom()));
    }

    public TestDevice(String url, DeviceKey key) {
        this(url, url, key);
    }

    /** Connects to {@code url}, and signs for {@code publicUrl}, as behind a proxy. */
    public TestDevice(String url, String publicUrl, DeviceKey key) {
        this(url, publicUrl, key, HTTP);
    }

    public TestDevice(String url, String publicUrl, DeviceKey key, HttpClient http) {
        this.url = url;
        this.publicUrl = publicUrl;
        this.key = key;
        this.http = http;
    }

    public String client() {
        return key.jwk().thumbprint();
    }

    public String token() {
        if (token == null) {
            for (int attempt = 0; attempt < 2 && token == null; attempt++) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/oauth/token"))
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("DPoP", proof("POST", "/oauth/token", null))
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                        .build();
                Reply reply = send(request);
                token = reply.status() == 200 ? reply.json().get("access_token").asString() : null;
            }
        }
        return token;
    }

    /** Shows {@code newToken} from here on. */
    public void hold(String newToken) {
        token = newToken;
    }

    /** Exchanges a person's token from an OIDC provider; what it gets stands for that person too, from here on. */
    public Reply logIn(String subjectToken, String subjectTokenType) {
        nonce();
        String form = "grant_type=" + urlEncoded("urn:ietf:params:oauth:grant-type:token-exchange")
                + "&subject_token=" + urlEncoded(subjectToken)
                + "&subject_token_type=" + urlEncoded("urn:ietf:params:oauth:token-type:" + subjectTokenType);
        Reply reply = send(HttpRequest.newBuilder(URI.create(url + "/oauth/token"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("DPoP", proof("POST", "/oauth/token", null))
                .POST(BodyPublishers.ofString(form))
                .build());
        if (reply.status() == 200) {
            token = reply.json().get("access_token").asString();
        }
        return reply;
    }

    private static String urlEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A fresh proof with the latest nonce. */
    public String proof(String method, String path, String accessToken) {
        return proof(UUID.randomUUID(), method, publicUrl + path, nonce, accessToken);
    }

    public String proof(UUID jti, String method, String htu, String withNonce, String accessToken) {
        int query = htu.indexOf('?');
        String bare = query < 0 ? htu : htu.substring(0, query);
        try {
            return new DpopProof(jti, method, bare, 1_700_000_000, withNonce, accessToken)
                    .sign(key, SignatureProvider.jdk());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public String nonce() {
        token();
        return nonce;
    }

    public Reply get(String path, String... headers) {
        return request("GET", path, null, headers);
    }

    public Reply post(String path, String json, String... headers) {
        return request("POST", path, json, headers);
    }

    /** The short form of append, to the aggregate at this address, with an id of its own. */
    public Reply append(String aggregate, long sequence, String events) {
        return post(
                aggregate + "/events",
                events,
                "Idempotency-Key",
                UUID.randomUUID().toString(),
                "Append-Sequence",
                Long.toString(sequence));
    }

    /** Sends a request; {@code headers} are names and values in turn. */
    public Reply request(String method, String path, String body, String... headers) {
        return send(builder(method, path, body == null ? null : body.getBytes(), headers)
                .build());
    }

    /** Opens a streamed answer. */
    public HttpResponse<InputStream> open(String path, String... headers) {
        try {
            HttpRequest request = builder("GET", path, null, headers).build();
            return http.send(request, BodyHandlers.ofInputStream());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpRequest.Builder builder(String method, String path, byte[] body, String... headers) {
        Map<String, String> named = new LinkedHashMap<>();
        if (body != null) {
            named.put("Content-Type", "application/json");
        }
        String held = token();
        named.put("Authorization", "DPoP " + held);
        named.put("DPoP", proof(method, path, held));
        for (int i = 0; i < headers.length; i += 2) {
            named.put(headers[i], headers[i + 1]);
        }
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT);
        named.forEach((name, value) -> {
            if (value != null) {
                builder.header(name, value);
            }
        });
        return builder.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    }

    /** Sends what was made elsewhere, and keeps the nonce of the answer. */
    public Reply send(HttpRequest request) {
        try {
            Reply reply = new Reply(http.send(request, BodyHandlers.ofByteArray()));
            nonce = reply.header("DPoP-Nonce");
            return reply;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(request + ": " + e, e);
        }
    }
}

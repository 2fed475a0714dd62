package celeriant.client;

import celeriant.wire.DeviceKey;
import celeriant.wire.JwsAlgorithm;
import celeriant.wire.SignatureProvider;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.Base64;

/** An OpenID Connect provider that signs in whom it is told to. */
final class TinyIssuer implements AutoCloseable {
    private final HttpServer server;
    private final KeyPair pair;

    TinyIssuer() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        pair = generator.generateKeyPair();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String jwk = DeviceKey.of(pair).jwk().json().replace("{", "{\"kid\":\"k\",\"alg\":\"ES256\",\"use\":\"sig\",");
        serve(
                "/.well-known/openid-configuration",
                "{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + "/keys\"}");
        serve("/keys", "{\"keys\":[" + jwk + "]}");
        server.start();
    }

    private void serve(String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** An identity token for the application {@code canvas}. */
    String token(String subject) throws Exception {
        long now = Clock.systemUTC().instant().getEpochSecond();
        String header = "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k\"}";
        String claims = "{\"iss\":\"" + url() + "\",\"aud\":\"canvas\",\"sub\":\"" + subject + "\",\"iat\":" + now
                + ",\"exp\":" + (now + 600) + "}";
        String signed = encoded(header) + "." + encoded(claims);
        byte[] signature = SignatureProvider.jdk()
                .sign(JwsAlgorithm.ES256, pair.getPrivate(), signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
    }
}

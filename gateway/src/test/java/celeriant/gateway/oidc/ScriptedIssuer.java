package celeriant.gateway.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer that signs what it is told to and describes itself as it is told to. */
final class ScriptedIssuer implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile ECKey key;
    private volatile String described;
    private volatile boolean up = true;

    ScriptedIssuer() throws IOException, JOSEException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        described = url();
        changeKey("first");
        server.createContext("/.well-known/openid-configuration", exchange -> {
            asked.incrementAndGet();
            answer(exchange, "{\"issuer\":\"" + described + "\",\"jwks_uri\":\"" + url() + "/keys\"}");
        });
        server.createContext("/keys", exchange -> answer(exchange, new JWKSet(key).toString(true)));
        server.start();
    }

    private void answer(com.sun.net.httpserver.HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(up ? 200 : 500, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void describeAs(String issuer) {
        described = issuer;
    }

    void goDown() {
        up = false;
    }

    int timesAsked() {
        return asked.get();
    }

    ECKey key() {
        return key;
    }

    void changeKey(String id) throws JOSEException {
        key = new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    /** Claims that hold. */
    JWTClaimsSet.Builder claims(Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer(url())
                .audience("canvas")
                .subject("anna")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(600)));
    }

    String signed(JWTClaimsSet claims) throws JOSEException {
        return signed(claims, JOSEObjectType.JWT);
    }

    String signed(JWTClaimsSet claims, JOSEObjectType type) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(type)
                        .keyID(key.getKeyID())
                        .build(),
                claims);
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package celeriant.streams;

import celeriant.wire.DeviceKey;
import celeriant.wire.DpopProof;
import celeriant.wire.SignatureProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.UUID;

/** A device's key, token and nonce; both are fetched anew when they were refused, as after a restart. */
final class Device implements Credentials {
    private static final long ISSUED_AT = 1_700_000_000;

    private final int port;
    private final DeviceKey key = DeviceKey.generate(new SecureRandom());
    private String token;
    private String nonce;

    Device(int port) {
        this.port = port;
    }

    String client() {
        return key.jwk().thumbprint();
    }

    @Override
    public List<String> lines(String method, String path) throws IOException {
        for (int attempt = 0; attempt < 3 && token == null; attempt++) {
            fetchToken();
        }
        return List.of("Authorization: DPoP " + token, "DPoP: " + proof(method, path, token));
    }

    private void fetchToken() throws IOException {
        List<String> lines = List.of("DPoP: " + proof("POST", "/oauth/token", null));
        String form = "application/x-www-form-urlencoded";
        String grant = "grant_type=client_credentials";
        try (Wire wire = new Wire(port, "POST", "/oauth/token", lines, form, grant, Wire.ANSWER_MILLIS)) {
            nonce = wire.header("dpop-nonce");
            String text = wire.text();
            token = wire.status() == 200 ? Scan.object(text).get("access_token") : null;
        }
    }

    private String proof(String method, String path, String accessToken) {
        String url = "http://127.0.0.1:" + port + path;
        try {
            return new DpopProof(UUID.randomUUID(), method, url, ISSUED_AT, nonce, accessToken)
                    .sign(key, SignatureProvider.jdk());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void refused() {
        token = null;
        nonce = null;
    }

    @Override
    public boolean byRights() {
        return true;
    }
}

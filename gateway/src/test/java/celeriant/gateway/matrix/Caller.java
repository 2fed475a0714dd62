package celeriant.gateway.matrix;

import celeriant.gateway.TestDevice;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes requests as one caller makes them. */
@FunctionalInterface
interface Caller {
    /** @param headers names and values in turn */
    HttpRequest request(String method, String path, String body, List<String> headers);

    static Caller device(TestDevice device) {
        return (method, path, body, headers) -> device.builder(
                        method, path, bytes(body), headers.toArray(String[]::new))
                .build();
    }

    /** Shows another device's token with proofs of its own key. */
    static Caller thief(TestDevice thief, TestDevice robbed) {
        return (method, path, body, headers) -> {
            String stolen = robbed.token();
            thief.nonce();
            List<String> forged = new ArrayList<>(headers);
            forged.addAll(List.of("Authorization", "DPoP " + stolen));
            forged.addAll(List.of("DPoP", thief.proof(method, path, stolen)));
            return device(thief).request(method, path, body, forged);
        };
    }

    /** Sends these headers, and no proof. */
    static Caller plain(String url, String... own) {
        return (method, path, body, headers) -> {
            HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(Duration.ofSeconds(60))
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes(body)));
            if (body != null) {
                builder.header("Content-Type", "application/json");
            }
            List<String> all = new ArrayList<>(headers);
            all.addAll(List.of(own));
            for (int i = 0; i < all.size(); i += 2) {
                builder.header(all.get(i), all.get(i + 1));
            }
            return builder.build();
        };
    }

    private static byte[] bytes(String body) {
        return body == null ? null : body.getBytes(StandardCharsets.UTF_8);
    }
}

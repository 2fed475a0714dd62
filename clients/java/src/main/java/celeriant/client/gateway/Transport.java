package celeriant.client.gateway;

import celeriant.client.buffer.Refusal;
import celeriant.wire.BadBodyException;
import celeriant.wire.DeviceKey;
import celeriant.wire.DpopProof;
import celeriant.wire.JsonTree;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Requests to one gateway, each with its token and its proof. It gets and renews the token, keeps the nonce, asks once
 * more when the gateway wants a fresh one of either, and turns everything that can go wrong into a
 * {@link RefusedException} or a {@link NoAnswerException}. It retries nothing else: whether to send again is for those
 * to decide who know what they sent. Any thread; guarded by its own monitor.
 */
final class Transport {
    /** How often one request may be asked again for a nonce or a token: a restart of the gateway makes both stale. */
    private static final int ATTEMPTS = 4;

    /** A token is renewed when this share of its life is over. */
    private static final double TOKEN_RENEWAL_SHARE = 0.8;

    private static final int TOKEN_LIFE_SECONDS_UNKNOWN = 60;
    private static final String EXCHANGE = "grant_type="
            + encoded("urn:ietf:params:oauth:grant-type:token-exchange") + "&subject_token_type="
            + encoded("urn:ietf:params:oauth:token-type:id_token") + "&subject_token=";

    private static final Pattern JSON = Pattern.compile("(?i)application/([\\w.-]+\\+)?json\\b");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,15}");

    /** No answer at all: so long, and as long as the request's body takes on a network as slow as this. */
    private static final long REQUEST_TIMEOUT_MILLIS = 30_000;

    private static final int BODY_BYTES_PER_MILLI = 16;

    /** A request by its path from the root of the gateway, with its query. */
    record Request(String method, String path, Map<String, String> headers, byte[] body) {}

    private record Token(String value, long renewAtMillis) {}

    private final URI root;
    private final Http http;
    private final World world;
    private Credentials credentials;
    /** The one that is in use, or on its way; null: another one is to be asked for. */
    private CompletableFuture<Token> token;

    private String nonce;

    Transport(URI root, Http http, World world, Credentials credentials) {
        String text = root.toString();
        this.root = text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : root;
        this.http = http;
        this.world = world;
        this.credentials = credentials;
    }

    /** As {@link Http#leaveConnections}. */
    void leaveConnections() {
        http.leaveConnections();
    }

    /** From now on as another device; the old one's token is dropped. */
    synchronized void become(DeviceKey key) {
        credentials = new Credentials.Device(key, ((Credentials.Device) credentials).person());
        token = null;
    }

    /** The answer, if it is a success or says that nothing changed (304). */
    CompletionStage<Http.Answer> send(Request request) {
        int length = request.body() == null ? 0 : request.body().length;
        return attempt(request, null, REQUEST_TIMEOUT_MILLIS + length / BODY_BYTES_PER_MILLI, 1, false);
    }

    /** The same; the body of a success goes to the receiver. */
    CompletionStage<Http.Answer> stream(Request request, Http.StreamReceiver receiver, long timeoutMillis) {
        return attempt(request, receiver, timeoutMillis, 1, false);
    }

    private CompletionStage<Http.Answer> attempt(
            Request request, Http.StreamReceiver receiver, long timeoutMillis, int number, boolean renewed) {
        return authorization(request.method(), request.path()).thenCompose(headers -> {
            headers.putAll(request.headers());
            Http.Call call =
                    new Http.Call(request.method(), uri(request.path()), headers, request.body(), timeoutMillis);
            CompletionStage<Http.Answer> sent = receiver == null ? http.send(call) : http.stream(call, receiver);
            return sent.thenCompose(answer -> {
                keepNonce(answer);
                if (answer.isSuccess() || answer.status() == 304) {
                    return CompletableFuture.completedFuture(answer);
                }
                Exception refusal = refusal(answer);
                if (number == ATTEMPTS || !isRefusedDevice(refusal)) {
                    return CompletableFuture.failedFuture(refusal);
                }
                if (codeOf(refusal).equals("use-dpop-nonce")) {
                    return attempt(request, receiver, timeoutMillis, number + 1, renewed);
                }
                // A gateway that was restarted may not know its tokens any more, and says so after the nonce.
                if (renewed) {
                    return CompletableFuture.failedFuture(refusal);
                }
                forgetToken();
                return attempt(request, receiver, timeoutMillis, number + 1, true);
            });
        });
    }

    private boolean isRefusedDevice(Exception failure) {
        return failure instanceof RefusedException refused
                && refused.refusal().status() == 401
                && credentials() instanceof Credentials.Device;
    }

    private static String codeOf(Exception failure) {
        return failure instanceof RefusedException refused ? refused.refusal().code() : "";
    }

    /** The next request asks for a new token. */
    synchronized void forgetToken() {
        token = null;
    }

    private CompletionStage<Map<String, String>> authorization(String method, String path) {
        Map<String, String> headers = new LinkedHashMap<>();
        Credentials mine = credentials();
        if (mine instanceof Credentials.ApiKey backend) {
            headers.put("Authorization", "Bearer " + backend.key());
            if (backend.client() != null) {
                headers.put("Append-Client", backend.client());
            }
            return CompletableFuture.completedFuture(headers);
        }
        Credentials.Device device = (Credentials.Device) mine;
        return validToken(device).thenApply(valid -> {
            headers.put("Authorization", "DPoP " + valid.value());
            headers.put("DPoP", proof(device, method, path, valid.value()));
            return headers;
        });
    }

    private synchronized Credentials credentials() {
        return credentials;
    }

    private synchronized CompletionStage<Token> validToken(Credentials.Device device) {
        if (token == null || token.isDone() && !isGood(token)) {
            token = renew(device).toCompletableFuture();
        }
        CompletableFuture<Token> asked = token;
        return asked.thenCompose(
                given -> isForgotten(asked, device) ? validToken(device) : CompletableFuture.completedFuture(given));
    }

    private boolean isGood(CompletableFuture<Token> done) {
        return !done.isCompletedExceptionally()
                && world.nowMillis() < done.join().renewAtMillis();
    }

    /** Somebody signed in or out while it was on its way: it is of no use. */
    private synchronized boolean isForgotten(CompletableFuture<Token> asked, Credentials.Device device) {
        return token != asked && credentials == device;
    }

    /** The device alone, or with the person who is signed in. */
    private CompletionStage<Token> renew(Credentials.Device device) {
        if (device.person() == null) {
            return renew(device, "grant_type=client_credentials", 1);
        }
        return device.person()
                .get()
                .thenCompose(idToken -> renew(
                        device, idToken == null ? "grant_type=client_credentials" : EXCHANGE + encoded(idToken), 1));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private CompletionStage<Token> renew(Credentials.Device device, String grant, int number) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        headers.put("DPoP", proof(device, "POST", "/oauth/token", null));
        byte[] body = grant.getBytes(StandardCharsets.US_ASCII);
        Http.Call call = new Http.Call("POST", uri("/oauth/token"), headers, body, REQUEST_TIMEOUT_MILLIS);
        return http.send(call).thenCompose(answer -> {
            keepNonce(answer);
            if (answer.isSuccess()) {
                return tokenIn(answer);
            }
            Exception refusal = refusal(answer);
            boolean wantsNonce = refusal instanceof RefusedException refused
                    && refused.refusal().code().equals("use_dpop_nonce");
            return number < ATTEMPTS && wantsNonce
                    ? renew(device, grant, number + 1)
                    : CompletableFuture.failedFuture(refusal);
        });
    }

    private CompletionStage<Token> tokenIn(Http.Answer answer) {
        Map<?, ?> fields = object(answer);
        if (fields == null || !(fields.get("access_token") instanceof String value)) {
            return CompletableFuture.failedFuture(new NoAnswerException("the token endpoint gave no token"));
        }
        long seconds = fields.get("expires_in") instanceof Long given ? given : TOKEN_LIFE_SECONDS_UNKNOWN;
        return CompletableFuture.completedFuture(
                new Token(value, world.nowMillis() + (long) (seconds * 1000 * TOKEN_RENEWAL_SHARE)));
    }

    private String proof(Credentials.Device device, String method, String path, String accessToken) {
        int query = path.indexOf('?');
        String htu = root + (query < 0 ? path : path.substring(0, query));
        String current;
        synchronized (this) {
            current = nonce;
        }
        try {
            return new DpopProof(world.newId(), method, htu, world.nowMillis() / 1000, current, accessToken)
                    .sign(device.key(), world.signatures());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the device's key does not sign", e);
        }
    }

    private synchronized void keepNonce(Http.Answer answer) {
        String given = answer.header("dpop-nonce");
        nonce = given == null ? nonce : given;
    }

    private URI uri(String path) {
        return URI.create(root + path);
    }

    private static Exception refusal(Http.Answer answer) {
        Map<?, ?> fields = object(answer);
        Refusal refusal = fields == null ? null : Refusal.of(fields, answer.status());
        if (fields != null && refusal == null && fields.get("error") instanceof String code && answer.status() < 402) {
            // RFC 6749 section 5.2: 400 or 401; the codes of the two worlds are told apart by _ and -.
            String detail = fields.get("error_description") instanceof String text ? text : "";
            refusal = new Refusal(code, answer.status(), detail, Map.of());
        }
        if (refusal == null && answer.status() == 413) {
            // What is too large for a proxy will not get past it either: it counts as the gateway's.
            refusal = new Refusal("too-large", 413, "", Map.of());
        }
        return refusal == null
                ? new NoAnswerException("status " + answer.status() + ", and not from the gateway", answer.status())
                : new RefusedException(refusal, retryAfterMillis(answer));
    }

    private static long retryAfterMillis(Http.Answer answer) {
        String seconds = answer.header("retry-after");
        return seconds != null && SECONDS.matcher(seconds).matches() ? Long.parseLong(seconds) * 1000 : 0;
    }

    private static Map<?, ?> object(Http.Answer answer) {
        if (!isJson(answer)) {
            return null;
        }
        try {
            return JsonTree.read(answer.body()) instanceof Map<?, ?> fields ? fields : null;
        } catch (BadBodyException e) {
            return null;
        }
    }

    static boolean isJson(Http.Answer answer) {
        String type = answer.header("content-type");
        return type != null && JSON.matcher(type).lookingAt();
    }
}

package celeriant.client.gateway;

import celeriant.client.buffer.Cursor;
import celeriant.client.buffer.PendingAppend;
import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import celeriant.wire.AppendsWriter;
import celeriant.wire.BadBodyException;
import celeriant.wire.DeviceKey;
import celeriant.wire.JsonBytes;
import celeriant.wire.JsonTree;
import celeriant.wire.PageReader;
import celeriant.wire.StateReader;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * What a client asks of its gateway, for one org. Stages fail with {@link RefusedException} or
 * {@link NoAnswerException}, which {@link #causeOf} unwraps. Any thread.
 */
public final class Requests {
    private static final Map<String, String> GET = Map.of("Accept", "application/json");
    private static final Map<String, String> POST =
            Map.of("Accept", "application/json", "Content-Type", "application/json");

    private static final int NO_CONTENT = 204;

    /** An address may be about this long; what is longer goes by a ticket (PROTOCOL, Subscribe). */
    private static final int ADDRESS_CHARS_MAX = 4_000;

    private final Transport transport;
    private final String base;

    /** Requests of one client to the gateway at {@code root}. */
    public Requests(URI root, String org, Http http, World world, Credentials credentials) {
        this.transport = new Transport(root, http, world, credentials);
        this.base = "/v1/" + org;
    }

    /** A connection may be dead: what is asked from now on goes by new ones. */
    public void leaveConnections() {
        transport.leaveConnections();
    }

    /** From now on as another device, with the same person. */
    public void become(DeviceKey key) {
        transport.become(key);
    }

    /**
     * Pushes appends that have sequences; {@code after} names the one before the first, null if it is the first of all.
     * Without appends the answer is the head alone.
     */
    public CompletionStage<PushAnswer> push(After after, List<PendingAppend> pending) {
        List<Append> appends = pending.stream().map(Requests::append).toList();
        JsonBytes body = new JsonBytes();
        AppendsWriter.writeSequenced(after, appends, body);
        return post("/appends", body).thenApply(answer -> {
            PushAnswer read = checked(() -> PushAnswer.read(answer.body()));
            boolean matches = read.outcomes().size() == pending.size();
            for (int i = 0; matches && i < pending.size(); i++) {
                matches = read.outcomes().get(i).id().equals(pending.get(i).id());
            }
            if (!matches) {
                throw new CompletionException(
                        new NoAnswerException("the answer is not about what was pushed", answer.status()));
            }
            return read;
        });
    }

    /** One append without a sequence. */
    public CompletionStage<PushAnswer.Outcome> appendOnline(Append append) {
        JsonBytes body = new JsonBytes();
        AppendsWriter.writeOnline(List.of(append), body);
        return post("/appends", body).thenApply(answer -> {
            PushAnswer read = checked(() -> PushAnswer.read(answer.body()));
            if (read.outcomes().size() != 1) {
                throw new CompletionException(new NoAnswerException("the answer is not about what was appended"));
            }
            return read.outcomes().get(0);
        });
    }

    /**
     * An aggregate's state, or that there is none that may be seen.
     *
     * @param agreement what the client remembers of the log, or null: of another log no state is wanted
     */
    public CompletionStage<StateAnswer> state(AggregateId aggregate, Cursor agreement) {
        String query = LogQuery.text(agreement).replaceFirst("&", "?");
        return get("/" + aggregate + "/state" + query).handle((answer, failure) -> {
            if (failure == null) {
                return checked(() -> StateAnswer.of(StateReader.read(answer.body())));
            }
            if (causeOf(failure) instanceof RefusedException refused
                    && refused.refusal().status() == 404) {
                return checked(() -> StateAnswer.absent(refused.refusal()));
            }
            throw new CompletionException(causeOf(failure));
        });
    }

    /** A page of one aggregate's events; {@code agreement} as of {@link #state}. */
    public CompletionStage<PageReader.Page> events(
            AggregateId aggregate, long after, long to, int limit, Cursor agreement) {
        String range = "after=" + after + (to == Long.MAX_VALUE ? "" : "&to=" + to) + "&limit=" + limit
                + LogQuery.text(agreement);
        return get("/" + aggregate + "/events?" + range)
                .thenApply(answer -> checked(() -> PageReader.read(answer.body())));
    }

    /** A page of the merged log. */
    public CompletionStage<PageReader.Page> log(LogQuery query) {
        return get("/events?" + query.text()).thenApply(answer -> checked(() -> PageReader.read(answer.body())));
    }

    /**
     * Opens the merged log as Server-Sent Events; the stage completes with the head of the answer. A filter that makes
     * a long address goes by a ticket.
     */
    public CompletionStage<Http.Answer> stream(LogQuery query, Http.StreamReceiver receiver, long timeoutMillis) {
        String address = base + "/events?" + query.text();
        CompletionStage<String> asked = address.length() <= ADDRESS_CHARS_MAX
                ? CompletableFuture.completedFuture(address)
                : call("POST", "/subscriptions", query.fields(), answer -> (String) answer.get("url"));
        return asked.thenCompose(path -> stream(path, receiver, timeoutMillis));
    }

    private CompletionStage<Http.Answer> stream(String path, Http.StreamReceiver receiver, long timeoutMillis) {
        Transport.Request request = new Transport.Request("GET", path, Map.of("Accept", "text/event-stream"), null);
        return transport.stream(request, receiver, timeoutMillis).thenApply(answer -> {
            String type = answer.header("content-type");
            if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
                throw new CompletionException(
                        new NoAnswerException("the answer to a subscription is no event stream; not the gateway's"));
            }
            return answer;
        });
    }

    /**
     * Any other request below the org.
     *
     * @param body as {@link JsonBytes#value} takes it, or null
     * @param read what the answer's JSON object says; an answer without a body is an empty one
     */
    public <T> CompletionStage<T> call(
            String method, String path, Map<String, Object> body, Function<Map<?, ?>, T> read) {
        byte[] json = body == null ? null : new JsonBytes().value(body).toByteArray();
        Map<String, String> headers = body == null ? GET : POST;
        return transport
                .send(new Transport.Request(method, base + path, headers, json))
                .thenApply(answer -> {
                    if (answer.status() == NO_CONTENT) {
                        return read.apply(Map.of());
                    }
                    requireJson(answer);
                    return checked(() -> read.apply((Map<?, ?>) JsonTree.read(answer.body())));
                });
    }

    /** Publishes an aggregate's state at a version; {@code agreement} as of {@link #state}. */
    public CompletionStage<Void> putSnapshot(
            AggregateId aggregate, long version, String contentType, byte[] body, Cursor agreement) {
        String query = "?version=" + version + LogQuery.text(agreement);
        return put("/" + aggregate + "/snapshot" + query, contentType, body);
    }

    /** Sends bytes of a media type of their own. */
    public CompletionStage<Void> put(String path, String contentType, byte[] body) {
        Map<String, String> headers = Map.of("Accept", "application/json", "Content-Type", contentType);
        return transport
                .send(new Transport.Request("PUT", base + path, headers, body))
                .thenApply(answer -> {
                    // The gateway says nothing, or JSON; a page is somebody else's.
                    if (answer.header("content-type") != null) {
                        requireJson(answer);
                    }
                    return null;
                });
    }

    /** The next request asks for a new token: another person may be signed in. */
    public void forgetToken() {
        transport.forgetToken();
    }

    /** What a stage failed with, without what stages wrap around it. */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private CompletionStage<Http.Answer> get(String path) {
        return json(new Transport.Request("GET", base + path, GET, null));
    }

    private CompletionStage<Http.Answer> post(String path, JsonBytes body) {
        return json(new Transport.Request("POST", base + path, POST, body.toByteArray()));
    }

    /** A success without JSON is somebody else's answer. */
    private CompletionStage<Http.Answer> json(Transport.Request request) {
        return transport.send(request).thenApply(answer -> {
            requireJson(answer);
            return answer;
        });
    }

    private static void requireJson(Http.Answer answer) {
        if (!Transport.isJson(answer)) {
            throw new CompletionException(
                    new NoAnswerException("an answer that is no JSON; not the gateway's", answer.status()));
        }
    }

    private static Append append(PendingAppend pending) {
        return pending.givenUp() == null
                ? Append.sequenced(pending.id(), pending.sequence(), pending.events())
                : Append.faulty(pending.id(), pending.sequence(), Problem.of(ErrorCode.VOID, "given up"));
    }

    private interface Reading<T> {
        T read() throws BadBodyException, NoAnswerException;
    }

    private static <T> T checked(Reading<T> reading) {
        try {
            return reading.read();
        } catch (BadBodyException e) {
            throw new CompletionException(new NoAnswerException("an answer that is cut or no JSON", e));
        } catch (NoAnswerException e) {
            throw new CompletionException(e);
        } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
            throw new CompletionException(new NoAnswerException("an answer of another shape", e));
        }
    }
}

package celeriant.client.gateway;

import celeriant.client.buffer.PendingAppend;
import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import celeriant.wire.AppendsWriter;
import celeriant.wire.BadBodyException;
import celeriant.wire.JsonBytes;
import celeriant.wire.JsonTree;
import celeriant.wire.PageReader;
import celeriant.wire.StateReader;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * What a client asks of its gateway, for one org. Stages fail with {@link RefusedException} or
 * {@link NoAnswerException}, which {@link #causeOf} unwraps. Any thread.
 */
public final class Requests {
    private static final Map<String, String> GET = Map.of("Accept", "application/json");
    private static final Map<String, String> POST =
            Map.of("Accept", "application/json", "Content-Type", "application/json");

    private final Transport transport;
    private final String base;

    public Requests(URI root, String org, Http http, World world, Credentials credentials) {
        this.transport = new Transport(root, http, world, credentials);
        this.base = "/v1/" + org;
    }

    /** From now on as another device. */
    public void become(Credentials.Device device) {
        transport.become(device);
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
                throw new CompletionException(new NoAnswerException("the answer is not about what was pushed"));
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

    /** An aggregate's state; empty if it does not exist, or may not be seen. */
    public CompletionStage<Optional<StateReader.State>> state(AggregateId aggregate) {
        return get("/" + aggregate + "/state").handle((answer, failure) -> {
            if (failure == null) {
                return Optional.of(checked(() -> StateReader.read(answer.body())));
            }
            if (causeOf(failure) instanceof RefusedException refused
                    && refused.refusal().status() == 404) {
                return Optional.empty();
            }
            throw new CompletionException(causeOf(failure));
        });
    }

    /** A page of one aggregate's events. */
    public CompletionStage<PageReader.Page> events(AggregateId aggregate, long after, long to, int limit) {
        String range = "after=" + after + (to == Long.MAX_VALUE ? "" : "&to=" + to) + "&limit=" + limit;
        return get("/" + aggregate + "/events?" + range)
                .thenApply(answer -> checked(() -> PageReader.read(answer.body())));
    }

    /** A page of the merged log. */
    public CompletionStage<PageReader.Page> log(LogQuery query) {
        return get("/events?" + query.text()).thenApply(answer -> checked(() -> PageReader.read(answer.body())));
    }

    /** Opens the merged log as Server-Sent Events; the stage completes with the head of the answer. */
    public CompletionStage<Http.Answer> stream(LogQuery query, Http.StreamListener listener, long timeoutMillis) {
        Transport.Request request = new Transport.Request(
                "GET", base + "/events?" + query.text(), Map.of("Accept", "text/event-stream"), null);
        return transport.stream(request, listener, timeoutMillis).thenApply(answer -> {
            String type = answer.header("content-type");
            if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
                throw new CompletionException(
                        new NoAnswerException("the answer to a subscription is no event stream; not the gateway's"));
            }
            return answer;
        });
    }

    /** Who the gateway takes this client for, as it says it. */
    public CompletionStage<Map<?, ?>> me() {
        return get("/me").thenApply(answer -> checked(() -> (Map<?, ?>) JsonTree.read(answer.body())));
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
            if (!Transport.isJson(answer)) {
                throw new CompletionException(new NoAnswerException("an answer that is no JSON; not the gateway's"));
            }
            return answer;
        });
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
        } catch (ClassCastException e) {
            throw new CompletionException(new NoAnswerException("an answer of another shape", e));
        }
    }
}

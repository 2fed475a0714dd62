package celeriant.gateway.http;

import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.ops.Metrics;
import celeriant.log.OutcomeUnknownException;
import celeriant.log.StorageFailedException;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import celeriant.wire.Done;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One request and its answer. Confined to its event loop, but for {@link #answer}, {@link #refuse} and {@link #fail},
 * which may be called on any thread and hop there; what is answered twice, or after the caller has gone, is dropped.
 */
public final class Exchange {
    private final HttpServerRequest request;
    private final Loop loop;
    private final Workers workers;
    private final StandingHeaders standing;
    private final Metrics metrics;
    private Map<String, String> names = Map.of();
    private Query query;
    private Principal principal;
    private boolean answered;

    Exchange(HttpServerRequest request, Loop loop, Workers workers, StandingHeaders standing, Metrics metrics) {
        this.request = request;
        this.loop = loop;
        this.workers = workers;
        this.standing = standing;
        this.metrics = metrics;
    }

    public Loop loop() {
        return loop;
    }

    public String method() {
        return request.method().name();
    }

    /** The path as it was sent, not decoded. */
    public String rawPath() {
        return request.path();
    }

    /** A header's value, null if it was not sent; of one that was sent more than once the first. */
    public String header(String name) {
        return request.getHeader(name);
    }

    /**
     * A header that may be sent once.
     *
     * @throws RefusedException {@code bad-request} if it was sent more than once
     */
    public String singleHeader(String name) {
        if (request.headers().getAll(name).size() > 1) {
            throw badHeader(name, name + " is sent more than once.");
        }
        return request.getHeader(name);
    }

    /** How often a header was sent. */
    public int headerCount(String name) {
        return request.headers().getAll(name).size();
    }

    /** A fault in the header {@code name}. */
    public static RefusedException badHeader(String name, String detail) {
        return new RefusedException(Problem.of(ErrorCode.BAD_REQUEST, detail).with("header", name));
    }

    public Query query() {
        if (query == null) {
            query = Query.parse(request.query());
        }
        return query;
    }

    /** The value of a name in the route's template. */
    public String name(String template) {
        return names.get(template);
    }

    public String org() {
        return names.get("org");
    }

    /** The aggregate in the path, of a route that has {@code {type}} and {@code {id}}. */
    public AggregateId aggregate() {
        return new AggregateId(names.get("type"), names.get("id"));
    }

    void routed(Map<String, String> routeNames) {
        names = routeNames;
    }

    /** Who asks; null where nobody needs to be known. */
    public Principal principal() {
        return principal;
    }

    /** Says who asks. */
    public void admitted(Principal proved) {
        principal = proved;
    }

    HttpServerRequest request() {
        return request;
    }

    /** Sends {@code answer}. */
    public void answer(Answer answer) {
        loop.run(() -> send(answer));
    }

    /** Sends {@code answer} at once: on the event loop only. */
    public void send(Answer answer) {
        HttpServerResponse response = begin(answer.status());
        if (response == null) {
            return;
        }
        if (answer.contentType() != null) {
            response.putHeader("Content-Type", answer.contentType());
        }
        answer.headers().forEach(response::putHeader);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", Integer.toString(answer.body().length));
            response.end();
        } else if (answer.body().length == 0) {
            response.end();
        } else {
            response.end(Buffers.wrap(answer.body()));
        }
    }

    /**
     * Begins an answer whose body is streamed, with the headers that all answers have: on the event loop only.
     *
     * @return null if it was answered already or the caller has gone
     */
    public HttpServerResponse begin(int status) {
        HttpServerResponse response = request.response();
        if (answered || response.ended() || response.closed()) {
            return null;
        }
        answered = true;
        metrics.answered(method(), status);
        response.setStatusCode(status);
        standing.on(request, response);
        return response;
    }

    /** Cuts the connection: on the event loop only. */
    public void disconnect() {
        request.connection().close();
    }

    /** Whether the caller has closed its connection. */
    public boolean isGone() {
        return request.response().closed();
    }

    public boolean isAnswered() {
        return answered;
    }

    public void refuse(Problem problem) {
        answer(Answer.problem(problem));
    }

    /** Answers what {@code fault} comes to. */
    public void fail(Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        if (cause instanceof RefusedException refused) {
            refuse(refused.problem());
        } else if (cause instanceof OutcomeUnknownException) {
            refuse(Problem.of(
                    ErrorCode.OUTCOME_UNKNOWN, "Whether it was recorded is not known; send exactly the same again."));
        } else if (cause instanceof StorageFailedException) {
            refuse(Problem.of(
                    ErrorCode.STORAGE_FAILED,
                    "The server's storage failed; it takes no more appends until a restart."));
        } else {
            Faults.report(method() + " " + standing.loggable(rawPath()), cause);
            answer(Answer.problem(
                    Problem.of(ErrorCode.INTERNAL, "The server met a fault of its own; its log says more."),
                    method().equals("GET") || method().equals("HEAD") ? Done.NOTHING : Done.UNKNOWN));
        }
    }

    /** Works out the answer on a worker, where it may block. */
    public void answerFromWorker(Supplier<Answer> work) {
        workers.run(() -> {
            try {
                answer(work.get());
            } catch (RuntimeException | StackOverflowError e) {
                fail(e);
            }
        });
    }

    /** Runs {@code work} on a worker; what it throws is answered. */
    public void onWorker(Runnable work) {
        workers.run(() -> {
            try {
                work.run();
            } catch (RuntimeException | StackOverflowError e) {
                fail(e);
            }
        });
    }

    /** Answers when {@code stage} is complete, on whatever thread that happens. */
    public <T> void answerWhen(CompletionStage<T> stage, Function<T, Answer> answer) {
        stage.whenComplete((value, fault) -> loop.run(() -> {
            if (fault != null) {
                fail(fault);
                return;
            }
            try {
                send(answer.apply(value));
            } catch (RuntimeException e) {
                fail(e);
            }
        }));
    }
}

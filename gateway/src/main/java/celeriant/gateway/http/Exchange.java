package celeriant.gateway.http;

import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.metrics.Metrics;
import celeriant.log.OutcomeUnknownException;
import celeriant.log.StorageFailedException;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import celeriant.wire.Done;
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
    private static final long REFUSED_LATER_MILLIS = 1_000;

    private RequestHead head;
    private final Carrier carrier;
    private final Loop loop;
    private final Workers workers;
    private final StandingHeaders standing;
    private final Metrics metrics;
    private final long beganNanos;
    private Map<String, String> names = Map.of();
    private Query query;
    private AggregateId aggregate;
    private Principal principal;
    private Runnable settled;
    private Callers callers;
    private boolean answered;

    Exchange(RequestHead head, Carrier carrier, Workers workers, StandingHeaders standing, Metrics metrics) {
        this.head = head;
        this.carrier = carrier;
        this.loop = carrier.loop();
        this.workers = workers;
        this.standing = standing;
        this.metrics = metrics;
        this.beganNanos = metrics.now();
    }

    public Loop loop() {
        return loop;
    }

    public String method() {
        return head.method();
    }

    /** The path as it was sent, not decoded. */
    public String rawPath() {
        return head.path();
    }

    /** A header's value, null if it was not sent; of one that was sent more than once the first. */
    public String header(String name) {
        return head.headers().first(name);
    }

    /** A header whose value is a list, which may come in several lines; null if it was not sent. */
    public String listHeader(String name) {
        return head.headers().list(name);
    }

    /**
     * A header that may be sent once.
     *
     * @throws RefusedException {@code bad-request} if it was sent more than once
     */
    public String singleHeader(String name) {
        if (head.headers().count(name) > 1) {
            throw badHeader(name, name + " is sent more than once.");
        }
        return head.headers().first(name);
    }

    /** How often a header was sent. */
    public int headerCount(String name) {
        return head.headers().count(name);
    }

    /** A fault in the header {@code name}. */
    public static RefusedException badHeader(String name, String detail) {
        return new RefusedException(Problem.of(ErrorCode.BAD_REQUEST, detail).with("header", name));
    }

    public Query query() {
        if (query == null) {
            query = Query.parse(head.query());
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
        if (aggregate == null) {
            aggregate = new AggregateId(names.get("type"), names.get("id"));
        }
        return aggregate;
    }

    void routed(Map<String, String> routeNames) {
        names = routeNames;
    }

    /** Where it comes from; "" if that is not known. */
    public String address() {
        return callers.address(head, carrier);
    }

    void knows(Callers gatewaysCallers) {
        callers = gatewaysCallers;
    }

    /** Runs {@code whenSettled} once: when the answer begins, or the caller goes before. */
    void onSettled(Runnable whenSettled) {
        settled = whenSettled;
        carrier.onGone(this::settle);
        if (answered || carrier.isGone()) {
            settle();
        }
    }

    private void settle() {
        Runnable once = settled;
        settled = null;
        if (once != null) {
            once.run();
        }
    }

    /** Who asks; null where nobody needs to be known. */
    public Principal principal() {
        return principal;
    }

    /** Says who asks. */
    public void admitted(Principal proved) {
        principal = proved;
    }

    /** The caller's body goes to {@code receiver} from now on: on the event loop only. */
    void receiveBody(BodyReceiver receiver) {
        carrier.receiveBody(receiver);
    }

    /** Sends {@code answer}. */
    public void answer(Answer answer) {
        loop.run(() -> send(answer));
    }

    /** Sends {@code answer} at once: on the event loop only. */
    public void send(Answer answer) {
        ResponseHead response = head(answer.status());
        if (response == null) {
            return;
        }
        if (answer.contentType() != null) {
            response.put("Content-Type", answer.contentType());
        }
        answer.headers().forEach(response::put);
        carrier.answer(response, answer.body());
    }

    /**
     * Begins an answer whose body is streamed, with the headers that all answers have: on the event loop only.
     *
     * @return null if it was answered already or the caller has gone
     */
    public Response begin(int status) {
        ResponseHead response = head(status);
        return response == null ? null : new Response(carrier, response);
    }

    private ResponseHead head(int status) {
        if (answered || carrier.isGone()) {
            return null;
        }
        answered = true;
        settle();
        metrics.answered(method(), status, beganNanos);
        RequestLog.answered(head, principal, status);
        return standing.begin(head, status);
    }

    /** What was asked has been read, and need not be kept for as long as the answer takes: on the event loop only. */
    public void forgetRequest() {
        head = RequestHead.NOTHING;
        query = null;
    }

    /** Cuts the connection: on the event loop only. */
    public void disconnect() {
        carrier.disconnect();
    }

    /** Whether the caller has closed its connection. */
    public boolean isGone() {
        return carrier.isGone();
    }

    public boolean isAnswered() {
        return answered;
    }

    public void refuse(Problem problem) {
        answer(Answer.problem(problem));
    }

    /** Refuses after a second, in which the caller waits and costs nothing: on the event loop only. */
    public void refuseLater(Problem problem) {
        loop.after(REFUSED_LATER_MILLIS, () -> send(Answer.problem(problem)));
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
                    "The server's log has stopped; it takes no more appends until a restart."));
        } else {
            Faults.report(method() + " " + StandingHeaders.loggable(rawPath()), cause);
            answer(Answer.problem(
                    Problem.of(ErrorCode.INTERNAL, "The server met a fault of its own; its log says more."),
                    method().equals("GET") || method().equals("HEAD") ? Done.NOTHING : Done.UNKNOWN));
        }
    }

    /** Works out the answer on a worker, where it may block, and packs it for a caller that takes it. */
    public void answerFromWorker(Supplier<Answer> work) {
        workers.run(() -> {
            try {
                answer(Coding.packed(work.get(), listHeader("Accept-Encoding")));
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

package celeriant.gateway.http;

import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import celeriant.wire.Done;
import celeriant.wire.JsonBytes;
import celeriant.wire.ProblemWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole answer as a value, made on any thread and sent on the request's event loop. The body is not copied: who hands
 * it over does not change it any more.
 *
 * @param contentType null when there is no body
 */
public record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
    public static final String JSON = "application/json";

    private static final byte[] NO_BODY = {};
    private static final String RETRY_SECONDS = "1";

    public static Answer json(int status, JsonBytes body) {
        return new Answer(status, JSON, body.toByteArray(), Map.of());
    }

    /** A body off the hot path; values as {@link JsonBytes#value} takes them. */
    public static Answer json(int status, Map<String, Object> body) {
        return json(status, new JsonBytes().value(body));
    }

    public static Answer text(int status, String contentType, String body) {
        return new Answer(status, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public static Answer empty(int status) {
        return new Answer(status, null, NO_BODY, Map.of());
    }

    public static Answer problem(Problem problem) {
        return problem(problem, Done.of(problem.code()));
    }

    public static Answer problem(Problem problem, Done done) {
        JsonBytes body = new JsonBytes();
        ProblemWriter.write(problem, done, body);
        Answer answer = new Answer(problem.code().status(), ProblemWriter.MEDIA_TYPE, body.toByteArray(), Map.of());
        boolean waits = problem.code() == ErrorCode.BUSY || problem.code() == ErrorCode.TOO_MANY_REQUESTS;
        return waits ? answer.with("Retry-After", RETRY_SECONDS) : answer;
    }

    /** The same answer with one header more. */
    public Answer with(String name, String value) {
        if (headers.isEmpty()) {
            return new Answer(status, contentType, body, Map.of(name, value));
        }
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, body, more);
    }

    /** The same answer with a version as its strong ETag. */
    public Answer withETag(long version) {
        return with("ETag", "\"" + version + "\"");
    }
}

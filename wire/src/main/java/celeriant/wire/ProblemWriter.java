package celeriant.wire;

import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.util.EnumMap;
import java.util.Map;

/** Writes problems (RFC 9457) as PROTOCOL's "Errors" has them. Stateless: any thread. */
public final class ProblemWriter {
    /** The media type of a problem on its own. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final Map<ErrorCode, byte[]> BEGINNINGS = new EnumMap<>(ErrorCode.class);

    static {
        for (ErrorCode code : ErrorCode.values()) {
            JsonBytes out = new JsonBytes();
            out.raw('{').name("type").string("/problems/" + code.code());
            out.name("title").string(code.title());
            out.name("status").number(code.status());
            out.name("code").string(code.code());
            BEGINNINGS.put(code, out.toByteArray());
        }
    }

    private ProblemWriter() {}

    /** Writes it with what usually holds for its code. */
    public static void write(Problem problem, JsonBytes out) {
        write(problem, Done.of(problem.code()), out);
    }

    public static void write(Problem problem, Done done, JsonBytes out) {
        out.raw(BEGINNINGS.get(problem.code()));
        out.name("detail").string(problem.detail());
        out.name("done").string(done.word());
        problem.fields().forEach((name, value) -> out.name(name).value(value));
        out.raw('}');
    }
}

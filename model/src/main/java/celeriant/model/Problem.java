package celeriant.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A refusal, as RFC 9457 shapes it: a code of the {@link ErrorCode} table, a sentence that says what is wrong here and
 * what to do, and the code's own fields ({@code pointer}, {@code expectedSequence}, {@code limit}…).
 *
 * @param detail for people; names the faulty value, never a secret
 * @param fields values are String, Long, Boolean, or a List or Map of these; in the order in which they were added
 */
public record Problem(ErrorCode code, String detail, Map<String, Object> fields) {
    public Problem {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(detail, "detail");
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public static Problem of(ErrorCode code, String detail) {
        return new Problem(code, detail, Map.of());
    }

    /** A fault in a body, named by its JSON pointer (RFC 6901). */
    public static Problem badRequest(String pointer, String detail) {
        return of(ErrorCode.BAD_REQUEST, detail).with("pointer", pointer);
    }

    /** A limit that was passed. */
    public static Problem tooLarge(String pointer, String detail, long limit, String unit) {
        return of(ErrorCode.TOO_LARGE, detail)
                .with("pointer", pointer)
                .with("limit", limit)
                .with("unit", unit);
    }

    /** The same problem with one field more. */
    public Problem with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Problem(code, detail, more);
    }
}

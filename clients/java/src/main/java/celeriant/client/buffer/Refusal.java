package celeriant.client.buffer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A refusal as the gateway stated it (RFC 9457). The code is text: a gateway of a later version may have others than
 * {@link celeriant.model.ErrorCode} knows.
 *
 * @param code such as {@code version-conflict}; the token endpoint's codes are those of RFC 6749
 * @param status of HTTP, 0 if it had none
 * @param detail for people; may be empty
 * @param fields everything else that came with it, as {@link celeriant.wire.JsonTree} reads it
 */
public record Refusal(String code, int status, String detail, Map<String, Object> fields) {
    public Refusal {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(detail, "detail");
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Takes it from an object of JSON; null if that is none of the gateway's. */
    public static Refusal of(Map<?, ?> object, int status) {
        if (!(object.get("code") instanceof String code)) {
            return null;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        object.forEach((name, value) -> fields.put((String) name, value));
        fields.keySet().removeAll(Set.of("code", "status", "detail"));
        return new Refusal(code, status, object.get("detail") instanceof String detail ? detail : "", fields);
    }

    @Override
    public String toString() {
        return detail.isEmpty() ? code : code + ": " + detail;
    }
}

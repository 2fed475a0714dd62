package celeriant.log.sequencer;

import celeriant.model.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A problem as a settled rejection keeps it for good: of bounded size, and of values that can be stored, whatever an
 * admission makes. It is answered as it is kept, the first time, too. Confined to one thread.
 */
final class StorableProblem {
    /** Of one text; what is longer ends with three dots. */
    static final int TEXT_CHARS_MAX = 4096;

    /** Of all texts together, and {@link #VALUE_CHARS} for each value; what comes behind is left out. */
    static final int CHARS_MAX = 64 << 10;

    static final int DEPTH_MAX = 8;

    private static final int VALUE_CHARS = 16;
    private static final String CUT = "...";

    private int left = CHARS_MAX;

    private StorableProblem() {}

    /** The same problem if it can be kept as it is, which is mostly so. */
    static Problem of(Problem problem) {
        StorableProblem storable = new StorableProblem();
        String detail = storable.text(problem.detail());
        Map<String, Object> fields = storable.object(problem.fields(), 0);
        return new Problem(problem.code(), detail, fields);
    }

    private String text(String text) {
        int most = Math.max(0, Math.min(TEXT_CHARS_MAX, left));
        left -= Math.min(text.length(), most);
        return text.length() <= most ? text : upTo(text, Math.max(0, most - CUT.length())) + CUT;
    }

    /** Not in the middle of a surrogate pair. */
    private static String upTo(String text, int end) {
        boolean splits = end > 0 && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, splits ? end - 1 : end);
    }

    private Map<String, Object> object(Map<?, ?> fields, int depth) {
        Map<String, Object> kept = new LinkedHashMap<>();
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            if (!hasRoom(field.getValue(), depth)) {
                continue;
            }
            kept.put(text(String.valueOf(field.getKey())), value(field.getValue(), depth));
        }
        return kept;
    }

    private boolean hasRoom(Object value, int depth) {
        left -= VALUE_CHARS;
        return value != null && left > 0 && depth < DEPTH_MAX;
    }

    private Object value(Object value, int depth) {
        return switch (value) {
            case Number number -> number.longValue();
            case Boolean bool -> bool;
            case List<?> list -> list(list, depth + 1);
            case Map<?, ?> object -> object(object, depth + 1);
            default -> text(String.valueOf(value));
        };
    }

    private List<Object> list(List<?> list, int depth) {
        List<Object> kept = new ArrayList<>();
        for (Object element : list) {
            if (left <= 0) {
                break;
            }
            if (hasRoom(element, depth)) {
                kept.add(value(element, depth));
            }
        }
        return kept;
    }
}

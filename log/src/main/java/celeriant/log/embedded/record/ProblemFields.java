package celeriant.log.embedded.record;

import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A problem in a stored rejection: its code's number, its detail, its fields.
 *
 * <pre>
 * problem  number varint | detail text | object
 * object   count varint, (name text, value)*
 * value    1, text | 2, long | 3, byte 0 or 1 | 4, count varint, value* | 5, object
 * </pre>
 */
final class ProblemFields {
    private static final int TEXT = 1;
    private static final int NUMBER = 2;
    private static final int BOOLEAN = 3;
    private static final int LIST = 4;
    private static final int OBJECT = 5;

    private ProblemFields() {}

    static void write(Problem problem, ByteWriter out) {
        out.varint(problem.code().number());
        out.text(problem.detail());
        writeObject(problem.fields(), out);
    }

    static Problem read(ByteReader in) {
        ErrorCode code = ErrorCode.ofNumber((int) in.varint());
        String detail = in.text();
        return new Problem(code, detail, readObject(in));
    }

    private static void writeObject(Map<?, ?> fields, ByteWriter out) {
        out.varint(fields.size());
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            out.text((String) field.getKey());
            writeValue(field.getValue(), out);
        }
    }

    private static void writeValue(Object value, ByteWriter out) {
        switch (value) {
            case String text -> {
                out.putByte(TEXT);
                out.text(text);
            }
            case Number number -> {
                out.putByte(NUMBER);
                out.putLong(number.longValue());
            }
            case Boolean bool -> {
                out.putByte(BOOLEAN);
                out.putByte(bool ? 1 : 0);
            }
            case List<?> list -> {
                out.putByte(LIST);
                out.varint(list.size());
                for (Object element : list) {
                    writeValue(element, out);
                }
            }
            case Map<?, ?> object -> {
                out.putByte(OBJECT);
                writeObject(object, out);
            }
            default -> throw new IllegalArgumentException("a problem's field is a " + value.getClass());
        }
    }

    private static Map<String, Object> readObject(ByteReader in) {
        int count = in.count();
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.text();
            fields.put(name, readValue(in));
        }
        return fields;
    }

    private static Object readValue(ByteReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case TEXT -> in.text();
            case NUMBER -> in.readLong();
            case BOOLEAN -> in.readByte() == 1;
            case LIST -> {
                int count = in.count();
                List<Object> list = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    list.add(readValue(in));
                }
                yield list;
            }
            case OBJECT -> readObject(in);
            default -> throw new IllegalArgumentException("no kind of value has the number " + kind);
        };
    }
}

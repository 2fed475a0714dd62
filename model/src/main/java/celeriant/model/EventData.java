package celeriant.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * An event's payload: opaque bytes and which of the two wire forms they came in.
 *
 * <p>A {@link Form#JSON} payload is the JSON text that was sent, in UTF-8, without white space outside strings; numbers
 * and the order of names are kept, nothing is parsed. A {@link Form#BINARY} one was sent as {@code data_base64}. The
 * array is not copied: who hands it over does not change it any more.
 *
 * @param contentType the {@code datacontenttype} that was given, or null
 */
public record EventData(Form form, byte[] bytes, String contentType) {
    /** The two wire forms. The numbers stand in stored records; they are never reused. */
    public enum Form {
        JSON(1),
        BINARY(2);

        private final int number;

        Form(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    private static final byte[] JSON_NULL = {'n', 'u', 'l', 'l'};

    public EventData {
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(bytes, "bytes");
    }

    /** A JSON payload from its text, without white space outside strings. */
    public static EventData json(String text) {
        return json(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A JSON payload with no content type named. */
    public static EventData json(byte[] utf8) {
        return new EventData(Form.JSON, utf8, null);
    }

    /** A binary payload with no content type named. */
    public static EventData binary(byte[] bytes) {
        return new EventData(Form.BINARY, bytes, null);
    }

    /** Whether this is JSON {@code null}: with a key, it clears the register. */
    public boolean isJsonNull() {
        return form == Form.JSON && Arrays.equals(bytes, JSON_NULL);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EventData that
                && form == that.form
                && Arrays.equals(bytes, that.bytes)
                && Objects.equals(contentType, that.contentType);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * form.hashCode() + Arrays.hashCode(bytes)) + Objects.hashCode(contentType);
    }

    @Override
    public String toString() {
        return "EventData[" + form + ", " + bytes.length + " bytes]";
    }
}

package celeriant.gateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
    private static void assertRefused(byte[] body) {
        RefusedException refused = assertThrows(RefusedException.class, () -> JsonBody.object(body));
        assertEquals("bad-request", refused.problem().code().code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"public\":null,\"public\":\"reader\"}",
                "{\"a\":{\"b\":1,\"\\u0062\":2}}",
                "{} {}",
                "{}\0",
                "\ufeff{}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{'a':1}",
                "{\"a\":1,}",
                "[]",
                "null",
                " ",
                ""
            })
    void whatCouldBeReadInTwoWaysIsRefused(String body) {
        assertRefused(body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32BE", "ISO-8859-1"})
    void anotherEncodingIsRefused(String encoding) {
        assertRefused("{\"a\":\"\u00e9\"}".getBytes(Charset.forName(encoding)));
    }

    @Test
    void numbersAreKept() {
        String body = "{\"a\":12345678901234567890.0123456789,\"b\":9007199254740993}";
        assertEquals(
                body, JsonBody.object(body.getBytes(StandardCharsets.UTF_8)).toString());
    }
}

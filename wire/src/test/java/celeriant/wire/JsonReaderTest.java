package celeriant.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

@DisplayName("The JSON reader")
class JsonReaderTest {
    private static final JsonFactory JACKSON = new JsonFactory();
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\"a\"",
        "\"\\u00e9\"",
        "\"\\ud83d\"",
        "\\u12",
        "0",
        "01",
        "-",
        "-0",
        "1.5",
        "1.",
        "1e",
        "1E+9",
        ".5",
        "true",
        "fals",
        "null",
        " ",
        "\n",
        "\t",
        "\f",
        "\"\u00e9\"",
        "\"\u0001\"",
        "{\"a\":",
        "[1,2]",
        "{}",
        "[]",
        "\"\\/\"",
        "\"\\x\"",
        "'",
        "//",
        "NaN"
    };

    @Test
    @DisplayName("takes exactly what another strict parser takes")
    void agreesWithJackson() {
        SplittableRandom random = new SplittableRandom(3);
        int taken = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            boolean mine = takes(bytes);
            assertEquals(isTakenByJackson(bytes), mine, text.toString());
            taken += mine ? 1 : 0;
        }
        assertTrue(taken > 5_000, "only " + taken + " were JSON");
    }

    @Test
    @DisplayName("takes exactly the UTF-8 that Java's strict decoder takes")
    void agreesOnUtf8() {
        SplittableRandom random = new SplittableRandom(4);
        int[] interesting = {
            0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF,
            'a'
        };
        int taken = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] text = new byte[1 + random.nextInt(4)];
            for (int n = 0; n < text.length; n++) {
                text[n] = (byte) interesting[random.nextInt(interesting.length)];
            }
            byte[] json = new byte[text.length + 2];
            json[0] = '"';
            json[json.length - 1] = '"';
            System.arraycopy(text, 0, json, 1, text.length);
            boolean mine = takes(json);
            assertEquals(isUtf8(text), mine, HexFormat.of().formatHex(text));
            taken += mine ? 1 : 0;
        }
        assertTrue(taken > 1_000, "only " + taken + " were UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 128, 129, 4_000_000})
    @DisplayName("knows how deep a value nests without recursion, however deep that is")
    void depth(int depth) throws Exception {
        String deep = "[".repeat(depth) + "]".repeat(depth);
        byte[] bytes = deep.getBytes(StandardCharsets.US_ASCII);
        JsonReader in = new JsonReader(bytes, 0, bytes.length);
        in.skipValue();
        assertEquals(depth, in.depthOfSkipped());
        byte[] mixed =
                ("{\"a\":[".repeat(depth / 2) + "1" + "]}".repeat(depth / 2)).getBytes(StandardCharsets.US_ASCII);
        in = new JsonReader(mixed, 0, mixed.length);
        in.skipValue();
        in.finish();
        assertEquals(depth / 2 * 2, in.depthOfSkipped());
    }

    @Test
    @DisplayName("strips white space outside strings only")
    void strips() {
        byte[] spaced = " { \"a b\" : [ 1 , \"\\\" \\\\\" , \"\\\\\" ] } ".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(
                "{\"a b\":[1,\"\\\" \\\\\",\"\\\\\"]}".getBytes(StandardCharsets.US_ASCII),
                JsonText.withoutSpace(spaced, 0, spaced.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"9007199254740992", "-1", "1.0", "1e2", "99999999999999999999", "-0"})
    @DisplayName("does not take for a whole number what is none up to 2^53-1")
    void noInteger(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(JsonReader.NOT_AN_INTEGER, new JsonReader(bytes, 0, bytes.length).integer());
    }

    @Test
    @DisplayName("takes the largest whole number")
    void largestInteger() throws Exception {
        byte[] bytes = "9007199254740991".getBytes(StandardCharsets.US_ASCII);
        assertEquals((1L << 53) - 1, new JsonReader(bytes, 0, bytes.length).integer());
    }

    @Test
    @DisplayName("reads no further than its slice")
    void slice() throws Exception {
        byte[] bytes = "xx[1,2]yy".getBytes(StandardCharsets.US_ASCII);
        JsonReader in = new JsonReader(bytes, 2, 7);
        in.skipValue();
        in.finish();
        assertFalse(takes("[1,2".getBytes(StandardCharsets.US_ASCII)));
        JsonReader cut = new JsonReader(bytes, 2, 6);
        assertThrows(BadBodyException.class, cut::skipValue);
    }

    @Test
    @DisplayName("does not take a byte order mark or another encoding than UTF-8")
    void encodings() {
        assertFalse(takes("\uFEFF{}".getBytes(StandardCharsets.UTF_8)));
        assertFalse(takes("{}".getBytes(StandardCharsets.UTF_16BE)));
        assertFalse(takes("{}".getBytes(StandardCharsets.UTF_16LE)));
    }

    private static boolean takes(byte[] bytes) {
        JsonReader in = new JsonReader(bytes, 0, bytes.length);
        try {
            in.skipValue();
            in.finish();
            return true;
        } catch (BadBodyException e) {
            return false;
        }
    }

    private static boolean isTakenByJackson(byte[] bytes) {
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), bytes)) {
            int depth = 0;
            int values = 0;
            while (parser.nextToken() != null) {
                parser.getString();
                depth += parser.currentToken().isStructStart()
                        ? 1
                        : parser.currentToken().isStructEnd() ? -1 : 0;
                values += depth == 0 ? 1 : 0;
            }
            return values == 1;
        } catch (JacksonException e) {
            return false;
        }
    }

    private static boolean isUtf8(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}

package celeriant.gateway.access;

import celeriant.model.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small body as a tree. What two readers could read in two ways is refused: a name that comes twice, another encoding
 * than UTF-8, something behind the end. Stateless: any thread.
 */
public final class JsonBody {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /**
     * The object that {@code body} is.
     *
     * @throws RefusedException {@code bad-request} if it is none
     */
    public static JsonNode object(byte[] body) {
        try {
            // The library would take UTF-16 and UTF-32, too, if the body looks like it.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            JsonNode root = STRICT.readTree(text);
            if (root.isObject()) {
                return root;
            }
        } catch (CharacterCodingException e) {
            throw RefusedException.badRequest("", "The body is not UTF-8.");
        } catch (JacksonException e) {
            throw RefusedException.badRequest("", "The body is not JSON: " + e.getOriginalMessage());
        }
        throw RefusedException.badRequest("", "The body is a JSON object.");
    }

    /** The whole number from 1 to 2^53-1 that {@code node} is; 0 if it is none. */
    public static long count(JsonNode node) {
        boolean isCount = node.isIntegralNumber() && node.canConvertToLong() && node.asLong() >= 1;
        return isCount && node.asLong() <= Limits.INTEGER_MAX ? node.asLong() : 0;
    }
}

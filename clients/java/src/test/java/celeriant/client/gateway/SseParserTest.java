package celeriant.client.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A stream's bytes")
class SseParserTest {
    private static final int PIECE_BYTES = 1 << 20;

    private final SseParser parser = new SseParser();

    @ParameterizedTest
    @ValueSource(strings = {"x", "data: x\n"})
    @DisplayName("without an end are given up at the limit")
    void tooLong(String line) throws NoAnswerException {
        byte[] piece = bytes(line.repeat(PIECE_BYTES / line.length()));
        for (long length = piece.length; length <= SseParser.BLOCK_BYTES_MAX; length += piece.length) {
            assertEquals(0, parser.push(piece).size());
        }
        assertThrows(NoAnswerException.class, () -> parser.push(piece));
    }

    @Test
    @DisplayName("may be many: each message counts for itself")
    void many() throws NoAnswerException {
        byte[] message = bytes("id: 1\ndata: " + "x".repeat(PIECE_BYTES) + "\n\n");
        for (int i = 0; i < 20; i++) {
            assertEquals(1, parser.push(message).size());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

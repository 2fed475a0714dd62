package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonLinesTest {
    @Test
    void aMessageIsOneLineWhateverIsInIt() {
        LoggingEvent event = new LoggingEvent(
                "",
                new LoggerContext().getLogger("celeriant.test"),
                Level.ERROR,
                "two\nlines of {}",
                new IllegalStateException("why"),
                new Object[] {"\"text\""});
        event.setInstant(Instant.parse("2026-01-01T12:00:00Z"));
        event.addKeyValuePair(new KeyValuePair("url", "http://127.0.0.1:1"));
        event.addKeyValuePair(new KeyValuePair("level", "another"));
        String text = new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
        assertEquals(text.length() - 1, text.indexOf('\n'));
        JsonNode line = JsonMapper.builder().build().readTree(text);
        assertEquals("2026-01-01T12:00:00Z", line.get("time").asString());
        assertEquals("ERROR", line.get("level").asString());
        assertEquals("celeriant.test", line.get("logger").asString());
        assertEquals("two\nlines of \"text\"", line.get("message").asString());
        assertEquals("http://127.0.0.1:1", line.get("url").asString());
        assertTrue(line.get("fault").asString().startsWith("java.lang.IllegalStateException: why"));
    }
}

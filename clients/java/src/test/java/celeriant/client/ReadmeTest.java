package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import celeriant.client.buffer.SqliteBuffer;
import celeriant.gateway.Gateway;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The README's example")
@Timeout(240)
class ReadmeTest {
    private static final byte[] COLOR = "\"#d4a017\"".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("runs")
    void example() throws Exception {
        List<String> shown = new ArrayList<>();
        Function<AggregateView, Runnable> show =
                view -> () -> shown.add(view.registers().toString());
        try (InMemoryEventLog log = new InMemoryEventLog();
                Gateway gateway = Gateway.builder(log).start()) {
            URI url = URI.create(gateway.url());
            Path file = folder.resolve("buffer.db");
            // README begin
            AggregateId board = AggregateId.parse("canvas/board-1");
            try (Celeriant client =
                    Celeriant.to(url, "demo").buffer(SqliteBuffer.in(file)).start()) {
                AggregateView view = client.open(board);
                view.onChange(keys -> show.apply(view).run());

                AppendHandle handle = client.append(Event.keyed(board, "cell-painted", "3,4", EventData.json(COLOR)));
                handle.awaitLocal(); // durable here
                handle.awaitConfirmed(); // in the log
                client.awaitSettled(Duration.ofSeconds(10));
            }
            // README end
            assertEquals(1, log.head("demo").position());
            assertFalse(shown.isEmpty());
        }
    }

    @Test
    @DisplayName("is the code that runs")
    void isTheSame() throws Exception {
        Path module = Path.of("").toAbsolutePath();
        String source = Files.readString(module.resolve("src/test/java/celeriant/client/ReadmeTest.java"));
        String readme = Files.readString(module.resolve("README.md"));
        String code = source.substring(
                source.indexOf("// README begin\n") + "// README begin\n".length(), source.indexOf("// README end"));
        String example =
                readme.substring(readme.indexOf("```java\n") + "```java\n".length(), readme.indexOf("\n```\n"));
        assertEquals(trimmed(code), trimmed(example));
    }

    private static String trimmed(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}

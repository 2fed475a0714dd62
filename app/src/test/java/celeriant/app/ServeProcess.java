package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** {@code celeriant serve} as a process of its own, on free ports of loopback, with JSON messages. */
final class ServeProcess implements AutoCloseable {
    private static final long STOP_SECONDS = 60;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Process process;
    private final Path messages;
    private final String url;

    private ServeProcess(Process process, Path messages, String url) {
        this.process = process;
        this.messages = messages;
        this.url = url;
    }

    /** Waits until it serves. */
    static ServeProcess start(Path data, Map<String, String> environment, String... more) throws IOException {
        Path messages = Files.createTempFile(data.getParent(), "messages", ".json");
        ProcessBuilder builder = new ProcessBuilder(command(data, more)).redirectError(messages.toFile());
        builder.environment().put("CELERIANT_LOGGING_FORMAT", "json");
        builder.environment().putAll(environment);
        Process process = builder.start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String first = out.readLine();
        if (first == null || !first.startsWith("listening ")) {
            process.destroyForcibly();
            fail("it does not serve: " + first + ", " + text(messages));
        }
        return new ServeProcess(process, messages, first.substring("listening ".length()));
    }

    private static List<String> command(Path data, String... more) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--port",
                "0",
                "--data",
                data.toString()));
        command.addAll(List.of(more));
        return command;
    }

    long pid() {
        return process.pid();
    }

    String url() {
        return url;
    }

    /** Where health, readiness and metrics are. */
    String adminUrl() {
        return serving("admin");
    }

    /** What the message that it serves says. */
    String serving(String field) {
        return messages()
                .lines()
                .map(JSON::readTree)
                .filter(line -> line.get("message").asString().equals("serving"))
                .findFirst()
                .orElseThrow()
                .get(field)
                .asString();
    }

    /** Everything that it said on standard error. */
    String messages() {
        return text(messages);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Asks it to end, as an operating system does (SIGTERM). */
    void terminate() {
        process.destroy();
    }

    /** Waits for its end and tells its status. */
    int status() throws InterruptedException {
        assertTrue(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS), "it does not end");
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            assertEquals(true, process.waitFor(STOP_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

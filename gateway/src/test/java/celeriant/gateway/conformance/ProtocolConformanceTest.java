package celeriant.gateway.conformance;

import celeriant.gateway.Gateway;
import celeriant.gateway.operator.Operator;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The protocol as cases, run against a gateway on an in-memory log, or against the server that the system property
 * {@code conformance.url} names.
 */
@Timeout(120)
class ProtocolConformanceTest {
    private static final Path CASES = Path.of("..", "conformance", "protocol");
    private static InMemoryEventLog log;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        if (System.getProperty("conformance.url") == null) {
            Operator operator = Operator.local();
            log = new InMemoryEventLog(Gateway.admission(operator), InstantSource.system(), UUID::randomUUID);
            gateway = Gateway.builder(log).operator(operator).start();
        }
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
            log.close();
        }
    }

    @TestFactory
    List<DynamicContainer> cases() throws IOException {
        String url = gateway == null ? System.getProperty("conformance.url") : gateway.url();
        List<DynamicContainer> files = new ArrayList<>();
        try (Stream<Path> paths = Files.list(CASES)) {
            for (Path path : paths.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                files.add(DynamicContainer.dynamicContainer(path.getFileName().toString(), tests(path, url)));
            }
        }
        if (files.isEmpty()) {
            throw new IOException("there are no cases in " + CASES.toAbsolutePath());
        }
        return files;
    }

    private static List<DynamicTest> tests(Path path, String url) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode file = JsonMapper.builder().build().readTree(Files.readAllBytes(path));
        for (JsonNode each : file.get("cases")) {
            tests.add(DynamicTest.dynamicTest(
                    each.get("name").asString(), () -> new ProtocolCaseRun(url).run(each.get("steps"))));
        }
        return tests;
    }
}

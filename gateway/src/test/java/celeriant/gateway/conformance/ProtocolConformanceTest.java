package celeriant.gateway.conformance;

import celeriant.gateway.Gateway;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.access.Principal;
import celeriant.gateway.operator.Operator;
import celeriant.gateway.operator.OperatorFile;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The protocol as cases, run against a gateway on an in-memory log, or against the server that the system property
 * {@code conformance.url} names.
 */
@Timeout(240)
class ProtocolConformanceTest {
    private static final Path CASES = Path.of("..", "conformance", "protocol");
    static final String KEY_ORG = "keys";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Map<String, String> KEYS = new HashMap<>();
    private static InMemoryEventLog log;
    private static Gateway gateway;

    @BeforeAll
    static void start(@TempDir Path folder) {
        if (System.getProperty("conformance.url") == null) {
            OperatorFile file = new OperatorFile(folder);
            for (Principal.Scope scope : Principal.Scope.values()) {
                String word = scope.name().toLowerCase(Locale.ROOT);
                KEYS.put(word, file.createKey(KEY_ORG, "case-" + word, scope, ProtocolConformanceTest::random));
            }
            Operator operator = new Operator(file, Optional.of(OrgPolicy.LOCAL));
            log = new InMemoryEventLog(Gateway.admission(operator));
            gateway = Gateway.builder(log).operator(operator).start();
        }
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
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
            if (each.path("needs").asString("").equals("keys") && KEYS.isEmpty()) {
                continue;
            }
            tests.add(DynamicTest.dynamicTest(
                    each.get("name").asString(), () -> new ProtocolCaseRun(url, KEYS).run(each.get("steps"))));
        }
        return tests;
    }
}

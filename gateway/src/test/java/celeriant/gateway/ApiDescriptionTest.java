package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.http.ApiDescription;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.ErrorCode;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** The description tells of the gateway as it is. */
@Timeout(240)
class ApiDescriptionTest {
    private final InMemoryEventLog log = new InMemoryEventLog();
    private final Gateway gateway = Gateway.builder(log).start();
    private final TestDevice anyone = new TestDevice(gateway.url());

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    @Test
    void everyAddressIsDescribedAndNoOther() {
        Set<String> described = new TreeSet<>(ApiDescription.shared().operations());
        described.removeIf(operation -> operation.startsWith("HEAD "));
        assertEquals(new TreeSet<>(gateway.addresses()), described);
    }

    @Test
    void itIsServedAsOpenApiWithoutDanglingReferences() {
        Reply reply = anyone.get("/openapi.json");
        assertEquals(200, reply.status());
        JsonNode description = reply.json();
        assertEquals("3.1.0", description.get("openapi").asString());
        Matcher references = Pattern.compile("\"\\$ref\":\\s*\"#([^\"]+)\"").matcher(reply.text());
        int count = 0;
        while (references.find()) {
            assertTrue(!description.at(references.group(1)).isMissingNode(), references::group);
            count++;
        }
        assertTrue(count > 50);
    }

    @Test
    void itNamesEveryCode() {
        Set<String> named = new TreeSet<>();
        anyone.get("/openapi.json")
                .json()
                .at("/components/schemas/Problem/properties/code/enum")
                .forEach(code -> named.add(code.asString()));
        assertEquals(
                Arrays.stream(ErrorCode.values()).map(ErrorCode::code).collect(Collectors.toCollection(TreeSet::new)),
                named);
    }

    @Test
    void itIsReadableAsAPage() {
        Reply page = anyone.get("/openapi");
        assertEquals("text/html; charset=utf-8", page.header("Content-Type"));
        assertTrue(page.text().contains("POST /v1/{org}/appends"));
        assertTrue(page.text().contains("<a href=\"#RecordedEvent\">RecordedEvent</a>"));
    }
}

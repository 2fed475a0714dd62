package celeriant.gateway.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.access.Access;
import celeriant.gateway.access.AccessControl;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.access.SystemAppender;
import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.EventLog;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ClientId;
import celeriant.model.Encryption;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaControlTest {
    private static final String ORG = "demo";
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");
    private static final Principal ADMIN = Principal.backend(new ClientId("svc.ops"), Principal.Scope.ADMIN, "k1");
    private static final Principal DEVICE = Principal.device(new ClientId("d".repeat(43)));
    private static final SchemaService.Name PAINTED = new SchemaService.Name("painted", "1.0");
    private static final String COLOUR = """
        {"type": "object", "properties": {"colour": {"type": "string", "pattern": "^#[0-9a-f]{6}$"}},
         "required": ["colour"]}\
        """;

    private final Random random = new Random(7);
    private final Supplier<UUID> ids = () -> new UUID(random.nextLong(), random.nextLong());
    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));
    private final EventLog log =
            new InMemoryEventLog(new SchemaControl(new AccessControl(org -> OrgPolicy.OPEN)), clock, ids);
    private final SystemAppender appender = new SystemAppender(log, clock, ids);
    private final SchemaService schemas = new SchemaService(
            log, Access.over(log, org -> OrgPolicy.OPEN, appender, byte[]::new).service(), appender);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private AppendResult append(Event event) {
        AppendRequest request = new AppendRequest(
                ORG, DEVICE.client(), null, List.of(Append.online(ids.get(), List.of(event), Map.of())), DEVICE);
        AppendOutcome outcome = log.append(request).toCompletableFuture().join();
        return assertInstanceOf(AppendOutcome.Settled.class, outcome).results().get(0);
    }

    private AppendResult paint(String data) {
        return append(Event.of(BOARD, "painted", EventData.json(utf8(data))));
    }

    @Test
    void an_event_that_does_not_conform_is_rejected_with_where_and_why() {
        schemas.register(ORG, ADMIN, PAINTED, utf8(COLOUR));

        assertInstanceOf(AppendResult.Appended.class, paint("{\"colour\":\"#d4a017\"}"));
        AppendResult.Rejected rejected = assertInstanceOf(AppendResult.Rejected.class, paint("{\"colour\":\"gold\"}"));
        assertEquals(ErrorCode.SCHEMA_VIOLATION, rejected.problem().code());
        assertEquals("/events/0/data", rejected.problem().fields().get("pointer"));
        assertTrue(rejected.problem().fields().get("errors").toString().contains("/colour"));
    }

    /** The library repeats the whole enumeration in the message of each violation. */
    @Test
    void a_long_enumeration_makes_no_long_rejection() {
        String values = "a value".repeat(10_000);
        schemas.register(ORG, ADMIN, PAINTED, utf8("{\"items\":{\"enum\":[\"" + values + "\",\"gold\"]}}"));

        AppendResult.Rejected rejected =
                assertInstanceOf(AppendResult.Rejected.class, paint("[" + "1,".repeat(40) + "1]"));
        List<?> errors = (List<?>) rejected.problem().fields().get("errors");
        assertEquals(EventSchema.ERRORS_MAX, errors.size());
        assertTrue(
                errors.toString().length() < 20_000,
                () -> "characters: " + errors.toString().length());
        assertInstanceOf(AppendResult.Appended.class, paint("[\"gold\"]"));
    }

    @Test
    void a_repeated_name_and_binary_data_do_not_conform() {
        schemas.register(ORG, ADMIN, PAINTED, utf8("true"));

        assertInstanceOf(AppendResult.Rejected.class, paint("{\"a\":1,\"a\":2}"));
        assertInstanceOf(
                AppendResult.Rejected.class, append(Event.of(BOARD, "painted", EventData.binary(new byte[] {1}))));
        assertInstanceOf(AppendResult.Appended.class, paint("{\"a\":1}"));
    }

    @Test
    void cleared_registers_encrypted_events_and_other_versions_are_not_checked() {
        schemas.register(ORG, ADMIN, PAINTED, utf8(COLOUR));
        EventData wrong = EventData.json(utf8("1"));

        assertInstanceOf(
                AppendResult.Appended.class,
                append(Event.keyed(BOARD, "painted", "1,1", EventData.json(utf8("null")))));
        assertInstanceOf(
                AppendResult.Appended.class,
                append(new Event(
                        null, BOARD, "painted", null, null, wrong, null, new Encryption("A256GCM", "k1", "AAAA"))));
        assertInstanceOf(
                AppendResult.Appended.class, append(new Event(null, BOARD, "painted", "2.0", null, wrong, null, null)));
    }

    @Test
    void the_same_schema_again_is_no_news_and_another_one_is_a_conflict() {
        assertTrue(schemas.register(ORG, ADMIN, PAINTED, utf8(COLOUR)));
        assertFalse(schemas.register(ORG, ADMIN, PAINTED, utf8(COLOUR.replace(" ", ""))));
        assertEquals(ErrorCode.SCHEMA_CONFLICT, refusal(ADMIN, "true"));
        assertEquals(List.of(PAINTED), schemas.list(ORG));
        assertTrue(schemas.read(ORG, PAINTED).isPresent());
    }

    @Test
    void what_is_no_schema_or_reaches_outside_is_refused() {
        assertEquals(ErrorCode.BAD_REQUEST, refusal(ADMIN, "{\"type\":\"colour\"}"));
        assertEquals(ErrorCode.BAD_REQUEST, refusal(ADMIN, "{"));
        assertEquals(ErrorCode.BAD_REQUEST, refusal(ADMIN, "{\"$ref\":\"http://127.0.0.1:1/elsewhere.json\"}"));
        assertEquals(ErrorCode.ACCESS_DENIED, refusal(DEVICE, COLOUR));
    }

    @Test
    void a_schema_of_another_dialect_or_one_that_refers_to_itself_without_end_is_refused() {
        assertEquals(
                ErrorCode.BAD_REQUEST, refusal(ADMIN, "{\"$schema\":\"http://json-schema.org/draft-04/schema#\"}"));
        assertEquals(ErrorCode.BAD_REQUEST, refusal(ADMIN, "{\"$ref\":\"#\"}"));
        assertTrue(schemas.register(
                ORG,
                ADMIN,
                PAINTED,
                utf8("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\"}")));
    }

    @Test
    void an_event_that_a_schema_recurses_on_without_end_is_rejected_and_the_log_goes_on() {
        schemas.register(ORG, ADMIN, PAINTED, utf8("{\"if\":{\"type\":\"object\"},\"then\":{\"$ref\":\"#\"}}"));
        Event object = new Event(null, BOARD, "painted", null, null, EventData.json(utf8("{}")), null, null);
        AppendResult.Rejected rejected = assertInstanceOf(AppendResult.Rejected.class, append(object));
        assertEquals(ErrorCode.SCHEMA_VIOLATION, rejected.problem().code());
        Event number = new Event(null, BOARD, "painted", null, null, EventData.json(utf8("1")), null, null);
        assertInstanceOf(AppendResult.Appended.class, append(number));
    }

    /** With backtracking each of these would take longer than the universe is old. */
    @ParameterizedTest
    @ValueSource(strings = {"^(a+)+$", "(.*)*x", "^(a|a)*$", "(a*)*b", "^(([a-z])+.)+[A-Z]([a-z])+$"})
    void a_pattern_takes_linear_time_whatever_it_is(String pattern) {
        schemas.register(ORG, ADMIN, PAINTED, utf8("{\"pattern\":\"" + pattern + "\"}"));
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertInstanceOf(AppendResult.Rejected.class, paint("\"" + "a".repeat(50_000) + "!\"")));
    }

    @Test
    void a_pattern_that_needs_backtracking_or_is_too_large_is_refused() {
        for (String pattern : List.of("(?=a)b", "(a)\\\\1", "(?:a{1000}){2}", "[a-z]{1000}[a-z]{10}", "(")) {
            assertEquals(ErrorCode.BAD_REQUEST, refusal(ADMIN, "{\"pattern\":\"" + pattern + "\"}"), pattern);
            String inProperties = "{\"patternProperties\":{\"" + pattern + "\":true}}";
            assertEquals(ErrorCode.BAD_REQUEST, refusal(ADMIN, inProperties), pattern);
        }
    }

    @Test
    void patterns_are_written_as_in_ecma_script() {
        schemas.register(ORG, ADMIN, PAINTED, utf8("{\"pattern\":\"^[\\\\u00e4\\\\p{Letter}]{2}\\\\d\\\\/$\"}"));
        assertInstanceOf(AppendResult.Appended.class, paint("\"\u00e4b7/\""));
        assertInstanceOf(AppendResult.Rejected.class, paint("\"\u00e4b7/\\n\""));
    }

    @Test
    void what_would_cost_too_much_to_check_is_rejected_in_time() {
        schemas.register(ORG, ADMIN, PAINTED, utf8("{\"items\":{\"pattern\":\"^(?:a?){300}a{300}$\"}}"));
        String text = "\"" + "a".repeat(1000) + "\"";
        AppendResult.Rejected rejected =
                assertInstanceOf(AppendResult.Rejected.class, paint("[" + (text + ",").repeat(900) + text + "]"));
        assertTrue(rejected.problem().fields().get("errors").toString().contains("costs too much"));
        assertInstanceOf(AppendResult.Appended.class, paint("[\"" + "a".repeat(500) + "\"]"));
    }

    /** Two references at each of sixty levels are 2 to the 60 evaluations of one value. */
    @Test
    void references_that_double_at_every_level_come_to_an_end() {
        StringBuilder levels = new StringBuilder();
        for (int level = 0; level < 60; level++) {
            String next = "{\"$ref\":\"#/$defs/l" + (level + 1) + "\"}";
            levels.append("\"l%d\":{\"allOf\":[%s,%s]},".formatted(level, next, next));
        }
        String bomb = "{\"$defs\":{" + levels + "\"l60\":true},";
        String first = "\"$ref\":\"#/$defs/l0\"";
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertEquals(ErrorCode.BAD_REQUEST, refusal(ADMIN, bomb + first + "}"));
            schemas.register(ORG, ADMIN, PAINTED, utf8(bomb + "\"properties\":{\"x\":{" + first + "}}}"));
            AppendResult.Rejected rejected = assertInstanceOf(AppendResult.Rejected.class, paint("{\"x\":1}"));
            assertTrue(rejected.problem().fields().get("errors").toString().contains("costs too much"));
            assertInstanceOf(AppendResult.Appended.class, paint("{\"y\":1}"));
        });
    }

    /** As much data as an append may hold, under a schema as people write them. */
    @Test
    void large_data_is_not_what_costs_too_much() {
        String item = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":0},"
                + "\"b\":{\"type\":\"string\",\"maxLength\":9}},\"required\":[\"a\"]}";
        schemas.register(ORG, ADMIN, PAINTED, utf8("{\"type\":\"array\",\"items\":" + item + "}"));
        assertInstanceOf(
                AppendResult.Appended.class, paint("[" + "{\"a\":1,\"b\":\"x\"},".repeat(50_000) + "{\"a\":2}]"));
    }

    /** Whatever put it there: the appends of its type are rejected, with the reason, and everything else goes on. */
    @Test
    void a_stored_schema_that_cannot_be_used_rejects_and_harms_nothing_else() {
        appender.change(
                ORG,
                ADMIN,
                SchemaService.SCHEMAS,
                () -> new SystemAppender.Change(
                        0,
                        List.of(Event.keyed(
                                SchemaService.SCHEMAS,
                                "schema-registered",
                                "painted/1.0",
                                EventData.json(utf8("{\"pattern\":\"(?=a)b\"}"))))));
        AppendResult.Rejected rejected = assertInstanceOf(AppendResult.Rejected.class, paint("1"));
        assertTrue(rejected.problem().fields().get("errors").toString().contains("cannot be used"));
        assertInstanceOf(AppendResult.Appended.class, append(Event.of(BOARD, "moved", EventData.json(utf8("1")))));
    }

    private ErrorCode refusal(Principal principal, String text) {
        return assertThrows(RefusedException.class, () -> schemas.register(ORG, principal, PAINTED, utf8(text)))
                .problem()
                .code();
    }
}

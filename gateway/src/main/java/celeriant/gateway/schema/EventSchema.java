package celeriant.gateway.schema;

import celeriant.gateway.access.RefusedException;
import celeriant.model.ErrorCode;
import celeriant.model.EventData;
import celeriant.model.Problem;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.Dialects;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One registered schema, compiled. Nothing outside it is fetched: a {@code $ref} points into the schema itself or to
 * the dialect's own documents. Immutable.
 */
final class EventSchema {
    /** How many violations a rejection names. */
    static final int ERRORS_MAX = 20;

    /** Of a violation's message: the library repeats a whole enumeration in it. */
    static final int MESSAGE_CHARS_MAX = 500;

    /** Keywords that may be looked at, whatever the data. */
    private static final long STEPS_MIN = 10_000;

    /** The same for each byte of the data. */
    private static final long STEPS_PER_BYTE = 10;

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaCacheEnabled(false)
                    .schemaLoader(loader -> loader.fetchRemoteResources(false))
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .regularExpressionFactory(new SchemaPatterns())
                            .build()));
    private static final String DIALECT = Dialects.getDraft202012().getId();
    private static final Schema META = REGISTRY.getSchema(SchemaLocation.of(DIALECT));

    private final JsonNode source;
    private final Schema compiled;

    private EventSchema(JsonNode source, Schema compiled) {
        this.source = source;
        this.compiled = compiled;
    }

    /** @throws RefusedException {@code bad-request} with what is wrong, if {@code text} is no schema of 2020-12 */
    static EventSchema parse(byte[] text) {
        try {
            JsonNode source = STRICT.readTree(text);
            if (!source.isObject() && !source.isBoolean()) {
                throw refused("A schema is a JSON object, or true or false.");
            }
            SchemaPatterns.begin();
            requireDialect(source);
            List<Error> faults = META.validate(source);
            if (!faults.isEmpty()) {
                throw refused("This is no schema of JSON Schema 2020-12: " + faults.get(0));
            }
            Schema compiled = REGISTRY.getSchema(source);
            compiled.validate("null", InputFormat.JSON, limited(0));
            return new EventSchema(source, compiled);
        } catch (JacksonException e) {
            throw refused("The schema is not JSON: " + e.getOriginalMessage());
        } catch (StackOverflowError e) {
            throw refused("The schema refers to itself without end.");
        } catch (SchemaPatterns.TooCostlyException | ValidationLimitExceededException e) {
            throw refused("The schema costs too much to be applied.");
        } catch (SchemaException e) {
            throw refused("The schema cannot be used: a $ref leads out of it or nowhere, or a pattern is none of RE2"
                    + " (no look-around, no back references) or too large: " + e.getMessage());
        }
    }

    private static void requireDialect(JsonNode source) {
        JsonNode dialect = source.get("$schema");
        if (dialect != null && !DIALECT.equals(dialect.isString() ? dialect.asString() : "")) {
            throw refused("$schema is " + DIALECT + " or left out.");
        }
    }

    private static RefusedException refused(String detail) {
        return new RefusedException(Problem.badRequest("", detail));
    }

    boolean isSameAs(EventSchema other) {
        return source.equals(other.source);
    }

    /** What is wrong with an event's data, each with where and why; empty if it conforms. */
    List<Map<String, Object>> violations(EventData data) {
        if (data.form() != EventData.Form.JSON) {
            return List.of(violation("", "data_base64 cannot conform to a schema"));
        }
        List<Map<String, Object>> violations = new ArrayList<>();
        try {
            JsonNode node = STRICT.readTree(data.bytes());
            for (Error error : compiled.validate(node, limited(data.bytes().length))) {
                if (violations.size() == ERRORS_MAX) {
                    break;
                }
                violations.add(violation(error.getInstanceLocation().toString(), cut(error.getMessage())));
            }
        } catch (JacksonException e) {
            violations.add(violation("", e.getOriginalMessage()));
        } catch (SchemaPatterns.TooCostlyException | ValidationLimitExceededException e) {
            violations.add(violation("", "the schema costs too much to be applied to it"));
        } catch (SchemaException | StackOverflowError e) {
            violations.add(violation("", "the schema cannot be applied to it"));
        }
        return violations;
    }

    private static String cut(String message) {
        return message.length() <= MESSAGE_CHARS_MAX ? message : message.substring(0, MESSAGE_CHARS_MAX) + "...";
    }

    /** Steps in proportion to the data, so that references that double at every level come to an end. */
    private static Consumer<ExecutionContext> limited(int bytes) {
        return context ->
                context.executionConfig(config -> config.maxEvaluationSteps(STEPS_MIN + STEPS_PER_BYTE * bytes));
    }

    static Map<String, Object> violation(String pointer, String message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("pointer", pointer);
        fields.put("message", message);
        return fields;
    }

    static Problem violationProblem(int event, String type, String typeVersion, List<Map<String, Object>> violations) {
        return Problem.of(
                        ErrorCode.SCHEMA_VIOLATION,
                        "The data does not conform to the schema of " + type + " " + typeVersion + ".")
                .with("pointer", "/events/" + event + "/data")
                .with("errors", violations);
    }

    /** The schema's text as it was registered. */
    byte[] text() {
        return source.toString().getBytes(StandardCharsets.UTF_8);
    }
}

package celeriant.gateway.settings;

import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.schema.SchemaService;
import celeriant.model.ErrorCode;
import celeriant.wire.JsonBytes;
import java.util.Map;

/** {@code /v1/{org}/schemas}. */
public final class SchemaEndpoints {
    private static final String SCHEMA = "application/schema+json";

    private final SchemaService schemas;

    public SchemaEndpoints(SchemaService schemas) {
        this.schemas = schemas;
    }

    public void put(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        exchange.answerFromWorker(() -> {
            boolean isNew = schemas.register(exchange.org(), exchange.principal(), name(exchange), body);
            return Answer.empty(isNew ? 201 : 200);
        });
    }

    public void get(Exchange exchange) {
        exchange.answerFromWorker(() -> schemas.read(exchange.org(), name(exchange))
                .map(text -> new Answer(200, SCHEMA, text, Map.of()))
                .orElseThrow(() -> RefusedException.of(
                        ErrorCode.NOT_FOUND, "There is no schema of this event type and version.")));
    }

    /** {@code {"schemas": [{"eventType", "typeVersion"}]}}. */
    public void list(Exchange exchange) {
        exchange.answerFromWorker(() -> {
            JsonBytes out = new JsonBytes();
            out.raw('{').name("schemas").raw('[');
            for (SchemaService.Name name : schemas.list(exchange.org())) {
                out.element().raw('{').name("eventType").string(name.eventType());
                out.name("typeVersion").string(name.typeVersion()).raw('}');
            }
            return Answer.json(200, out.raw(']').raw('}'));
        });
    }

    private static SchemaService.Name name(Exchange exchange) {
        return new SchemaService.Name(exchange.name("eventType"), exchange.name("typeVersion"));
    }
}

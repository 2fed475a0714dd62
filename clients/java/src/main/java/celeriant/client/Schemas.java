package celeriant.client;

import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What the log takes as the data of events: JSON Schemas, one for each type of event and its version. For the org's
 * admins, where it is not open to all. Stages fail with {@link RefusedException}. Any thread.
 */
public final class Schemas {
    /**
     * Names one schema.
     *
     * @param typeVersion {@code 1.0} is that of events that name none
     */
    public record Name(String eventType, String typeVersion) {
        String path() {
            return "/schemas/" + eventType + "/" + typeVersion;
        }
    }

    private final Requests requests;

    Schemas(Requests requests) {
        this.requests = requests;
    }

    /** All that there are. */
    public CompletionStage<List<Name>> list() {
        return requests.call(
                "GET",
                "/schemas",
                null,
                all -> ((List<?>) all.get("schemas"))
                        .stream().map(one -> (Map<?, ?>) one).map(Schemas::name).toList());
    }

    /** One of them, by its fields; {@code not-found} when there is none of that name. */
    public CompletionStage<Map<?, ?>> read(Name name) {
        return requests.call("GET", name.path(), null, fields -> fields);
    }

    /** States one, for good: the same again changes nothing, another one is refused, {@code schema-conflict}. */
    public CompletionStage<Void> put(Name name, byte[] json) {
        return requests.put(name.path(), "application/schema+json", json);
    }

    private static Name name(Map<?, ?> fields) {
        return new Name((String) fields.get("eventType"), (String) fields.get("typeVersion"));
    }
}

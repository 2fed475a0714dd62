package celeriant.gateway.schema;

import celeriant.log.Admission;
import celeriant.log.AppendRequest;
import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.Register;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks the schemas of an append's events, once access has let it through. Cleared registers and encrypted events are
 * not checked. Compiled schemas are kept by their text, so that orgs with the same one share it. Confined to the log's
 * writer thread.
 */
public final class SchemaControl implements Admission {
    /** How many compiled schemas are kept. */
    static final int COMPILED_MAX = 1_000;

    private final Admission access;
    private final Map<EventData, EventSchema> compiled = new LinkedHashMap<>(16, 0.75f, true);

    /** {@code access} is asked first. */
    public SchemaControl(Admission access) {
        this.access = access;
    }

    @Override
    public Verdict admit(AppendRequest request, Append append, View view) {
        Verdict verdict = access.admit(request, append, view);
        if (verdict instanceof Denied || view.version(SchemaService.SCHEMAS) == 0) {
            return verdict;
        }
        List<Event> events = append.events();
        for (int i = 0; i < events.size(); i++) {
            Optional<Denied> violation = check(i, events.get(i), view);
            if (violation.isPresent()) {
                return violation.get();
            }
        }
        return verdict;
    }

    private Optional<Denied> check(int number, Event event, View view) {
        boolean cleared = event.key() != null && event.data().isJsonNull();
        if (event.aggregate().isSystem() || cleared || event.encryption() != null) {
            return Optional.empty();
        }
        String version = event.typeVersion() == null ? SchemaService.VERSION_DEFAULT : event.typeVersion();
        Optional<Register> registered = view.register(SchemaService.SCHEMAS, SchemaService.key(event.type(), version));
        if (registered.isEmpty()) {
            return Optional.empty();
        }
        List<Map<String, Object>> violations = compile(registered.get().data()).violations(event.data());
        return violations.isEmpty()
                ? Optional.empty()
                : Optional.of(new Denied(EventSchema.violationProblem(number, event.type(), version, violations)));
    }

    private EventSchema compile(EventData text) {
        EventSchema schema = compiled.get(text);
        if (schema == null) {
            schema = EventSchema.parse(text.bytes());
            if (compiled.size() >= COMPILED_MAX) {
                compiled.remove(compiled.keySet().iterator().next());
            }
            compiled.put(text, schema);
        }
        return schema;
    }
}

package celeriant.gateway.schema;

import celeriant.log.Admission;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.Problem;
import celeriant.model.Register;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the schemas of an append's events, once access has let it through. Cleared registers and encrypted events are
 * not checked. Compiled schemas are kept by their text, so that orgs with the same one share it. Confined to the log's
 * writer thread.
 */
public final class SchemaControl implements Admission {
    /** How many compiled schemas are kept. */
    static final int COMPILED_MAX = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(SchemaControl.class);

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
        SchemaPatterns.begin();
        List<Event> events = append.events();
        for (int i = 0; i < events.size(); i++) {
            Optional<Denied> violation = check(i, events.get(i), view);
            if (violation.isPresent()) {
                return violation.get();
            }
        }
        return verdict;
    }

    @Override
    public Optional<Problem> refusal(Action action, String org, AggregateId aggregate, Caller caller, View view) {
        return access.refusal(action, org, aggregate, caller, view);
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
        List<Map<String, Object>> violations = violations(registered.get().data(), event.data());
        return violations.isEmpty()
                ? Optional.empty()
                : Optional.of(new Denied(EventSchema.violationProblem(number, event.type(), version, violations)));
    }

    /**
     * A schema that was stored and cannot be used any more, since another version of this program took it, lets nothing
     * through: unchecked data could not be taken back, a rejected append can be sent again.
     */
    private List<Map<String, Object>> violations(EventData schema, EventData data) {
        try {
            return compile(schema).violations(data);
        } catch (RuntimeException e) {
            LOG.error("a registered schema cannot be used: {}", e.toString());
            return List.of(EventSchema.violation("", "the registered schema cannot be used by this server"));
        }
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

package celeriant.gateway.schema;

import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.access.SystemAppender;
import celeriant.log.AggregateState;
import celeriant.log.EventLog;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.Problem;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Registers and reads an org's schemas. Blocks on the log: call it on a worker. */
public final class SchemaService {
    /** Holds an org's schemas, each in the register {@code <eventType>/<typeVersion>}. */
    public static final AggregateId SCHEMAS = new AggregateId("$schemas", "registered");

    /** The version of an event that names none. */
    public static final String VERSION_DEFAULT = "1.0";

    private static final String REGISTERED = "schema-registered";

    private final EventLog log;
    private final AccessService access;
    private final SystemAppender appender;

    /** A schema's name. */
    public record Name(String eventType, String typeVersion) {}

    public SchemaService(EventLog log, AccessService access, SystemAppender appender) {
        this.log = log;
        this.access = access;
        this.appender = appender;
    }

    static String key(String eventType, String typeVersion) {
        return eventType + "/" + typeVersion;
    }

    /**
     * Registers a schema; only an org's admins may.
     *
     * @return whether it is new; the same again is not
     * @throws RefusedException {@code bad-request} if it is no schema, {@code schema-conflict} if there is another one
     */
    public boolean register(String org, Principal principal, Name name, byte[] text) {
        if (!access.mayRegisterSchemas(org, principal)) {
            throw new RefusedException(Problem.of(ErrorCode.ACCESS_DENIED, "Schemas are for the org's admins."));
        }
        EventSchema schema = EventSchema.parse(text);
        String key = key(name.eventType(), name.typeVersion());
        AtomicBoolean isNew = new AtomicBoolean();
        appender.change(org, principal, SCHEMAS, () -> {
            Optional<AggregateState> state = log.state(org, SCHEMAS);
            long version = state.map(AggregateState::version).orElse(0L);
            Optional<EventSchema> before = state.map(
                            registered -> registered.registers().get(key))
                    .map(register -> EventSchema.parse(register.data().bytes()));
            isNew.set(before.isEmpty());
            if (before.isEmpty()) {
                Event event = Event.keyed(SCHEMAS, REGISTERED, key, EventData.json(schema.text()));
                return new SystemAppender.Change(version, List.of(event));
            }
            if (!before.get().isSameAs(schema)) {
                throw new RefusedException(Problem.of(
                        ErrorCode.SCHEMA_CONFLICT,
                        "Another schema is registered for " + key + "; register this one under a new version."));
            }
            return new SystemAppender.Change(version, List.of());
        });
        return isNew.get();
    }

    /** The registered schemas' names, in order. */
    public List<Name> list(String org) {
        return log.state(org, SCHEMAS).stream()
                .flatMap(state -> state.registers().keySet().stream())
                .map(key -> new Name(key.substring(0, key.indexOf('/')), key.substring(key.indexOf('/') + 1)))
                .toList();
    }

    /** One schema's text. */
    public Optional<byte[]> read(String org, Name name) {
        return log.register(org, SCHEMAS, key(name.eventType(), name.typeVersion()))
                .map(register -> register.data().bytes());
    }
}

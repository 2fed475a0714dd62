package celeriant.client.buffer;

import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.wire.BadBodyException;
import celeriant.wire.EventWriter;
import celeriant.wire.JsonBytes;
import celeriant.wire.JsonTree;
import celeriant.wire.RecordedReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the SQL buffers keep in their columns: the protocol's own JSON. Stateless: any thread. */
final class StoredJson {
    private StoredJson() {}

    static byte[] write(List<Event> events) {
        JsonBytes out = new JsonBytes();
        out.raw('[');
        events.forEach(event -> EventWriter.write(event, out.element()));
        return out.raw(']').toByteArray();
    }

    static List<Event> readEvents(byte[] json) {
        return checked(() -> RecordedReader.readUnrecorded(json));
    }

    static byte[] write(RecordedEvent event) {
        JsonBytes out = new JsonBytes();
        EventWriter.write(event, out);
        return out.toByteArray();
    }

    static RecordedEvent readRecorded(byte[] json) {
        return checked(() -> RecordedReader.readEvent(json));
    }

    static byte[] write(Register register) {
        JsonBytes out = new JsonBytes();
        EventWriter.write(register, out);
        return out.toByteArray();
    }

    static Register readRegister(byte[] json) {
        return checked(() -> RecordedReader.readRegister(json));
    }

    /** Null stays null. */
    static byte[] write(Refusal refusal) {
        if (refusal == null) {
            return null;
        }
        Map<String, Object> object = new LinkedHashMap<>(refusal.fields());
        object.put("code", refusal.code());
        object.put("status", refusal.status());
        object.put("detail", refusal.detail());
        return new JsonBytes().value(object).toByteArray();
    }

    static Refusal readRefusal(byte[] json) {
        if (json == null) {
            return null;
        }
        Map<?, ?> object = checked(() -> (Map<?, ?>) JsonTree.read(json));
        return Refusal.of(object, object.get("status") instanceof Long status ? status.intValue() : 0);
    }

    /** Null stays null. */
    static byte[] write(Confirmation confirmation) {
        if (confirmation == null) {
            return null;
        }
        JsonBytes out = new JsonBytes();
        out.raw('{').name("first").number(confirmation.firstPosition());
        out.name("last").number(confirmation.lastPosition());
        out.name("versions").raw('{');
        confirmation
                .versions()
                .forEach((aggregate, version) -> out.name(aggregate.toString()).number(version));
        return out.raw('}').raw('}').toByteArray();
    }

    static Confirmation readConfirmation(byte[] json) {
        if (json == null) {
            return null;
        }
        Map<?, ?> object = checked(() -> (Map<?, ?>) JsonTree.read(json));
        Map<AggregateId, Long> versions = new LinkedHashMap<>();
        ((Map<?, ?>) object.get("versions"))
                .forEach((name, version) -> versions.put(AggregateId.parse((String) name), (Long) version));
        return new Confirmation((Long) object.get("first"), (Long) object.get("last"), versions);
    }

    static String write(Set<AggregateId> names) {
        return new JsonBytes()
                .value(names.stream().map(AggregateId::toString).sorted().toList())
                .toString();
    }

    static Set<AggregateId> readNames(String json) {
        List<?> names = checked(() -> (List<?>) JsonTree.read(json.getBytes(StandardCharsets.UTF_8)));
        Set<AggregateId> read = new TreeSet<>();
        names.forEach(name -> read.add(AggregateId.parse((String) name)));
        return read;
    }

    private interface Reading<T> {
        T read() throws BadBodyException;
    }

    private static <T> T checked(Reading<T> reading) {
        try {
            return reading.read();
        } catch (BadBodyException | ClassCastException e) {
            throw new BufferException.UnknownFormat("the buffer holds a value that is not understood", e);
        }
    }
}

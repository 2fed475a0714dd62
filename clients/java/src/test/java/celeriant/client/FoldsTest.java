package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.client.buffer.AggregateChange;
import celeriant.client.buffer.Confirmation;
import celeriant.client.buffer.Cursor;
import celeriant.client.buffer.History;
import celeriant.client.buffer.MemoryBuffer;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.wire.BadBodyException;
import celeriant.wire.DeviceKey;
import celeriant.wire.JsonBytes;
import celeriant.wire.JsonTree;
import celeriant.wire.RecordedReader;
import celeriant.wire.StateReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The state of an open aggregate")
class FoldsTest {
    private final Object memory = new Object();
    private final Overlay overlay = new Overlay();
    private final MemoryBuffer buffer = new MemoryBuffer();
    private final Map<UUID, List<Event>> own = new HashMap<>();
    private OpenAggregates all;
    private OpenAggregate open;
    private Projected<List<Object>> applied;

    static Stream<Arguments> cases() throws Exception {
        List<Arguments> cases = new ArrayList<>();
        for (String file : List.of("last-write-wins", "pending-on-top")) {
            Map<?, ?> table = Conformance.read("folds/" + file + ".json");
            for (Object one : (List<?>) table.get("cases")) {
                cases.add(Arguments.of(((Map<?, ?>) one).get("name"), table, one));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    @DisplayName("follows conformance/folds:")
    void conforms(String name, Map<?, ?> table, Map<?, ?> one) throws Exception {
        AggregateId aggregate = AggregateId.parse((String) table.get("aggregate"));
        String client = (String) table.get("client");
        all = new OpenAggregates(
                memory,
                buffer,
                buffer.open(() -> DeviceKey.generate(new SecureRandom())),
                overlay,
                () -> client,
                Runnable::run,
                Reading.AS_IT_IS,
                (name1, version, reason) -> {
                    throw new AssertionError(reason);
                });
        open = all.open(aggregate);
        open.want(HistoryWish.ALL);
        all.replace(new AggregateChange(aggregate, 0, 0, true, Map.of(), History.all(0), List.of(), false), null);
        all.agree(Cursor.at(0));
        all.follow(Set.of(aggregate));
        applied = new Projected<>(open, overlay, memory, buffer, new ListOfApplied(), Runnable::run, () -> {});
        for (Object step : (List<?>) one.get("steps")) {
            take((Map<?, ?>) step);
        }
    }

    private void take(Map<?, ?> step) throws Exception {
        if (step.containsKey("confirmed")) {
            all.advance(recorded((List<?>) step.get("confirmed")), (Long) step.get("upTo"));
            assertEquals(
                    Boolean.TRUE.equals(step.get("gap")),
                    !all.follows().contains(open.name()) && !trims((List<?>) step.get("confirmed")));
        } else if (step.containsKey("state")) {
            all.replace(open.confirmed().replacedBy(state((Map<?, ?>) step.get("state")), 0), null);
        } else if (step.containsKey("append")) {
            Map<?, ?> append = (Map<?, ?>) step.get("append");
            List<Event> events = RecordedReader.readUnrecorded(json(append.get("events")));
            own.put(uuid(append.get("id")), events);
            overlay.add(uuid(append.get("id")), events);
        } else if (step.containsKey("settled")) {
            settle((Map<?, ?>) step.get("settled"));
        } else if (step.containsKey("rejected")) {
            Object rejected = step.get("rejected");
            UUID id = uuid(rejected instanceof Map<?, ?> fields ? fields.get("id") : rejected);
            overlay.remove(id, own.get(id));
        } else {
            expect((Map<?, ?>) step.get("expect"));
        }
    }

    /** After a trim the state is read again, which no case looks at. */
    private static boolean trims(List<?> events) {
        return events.stream().anyMatch(event -> "$trimmed".equals(((Map<?, ?>) event).get("type")));
    }

    private void settle(Map<?, ?> settled) {
        List<?> positions = (List<?>) settled.get("positions");
        Map<AggregateId, Long> versions = new HashMap<>();
        ((Map<?, ?>) settled.get("versions"))
                .forEach((name, version) -> versions.put(AggregateId.parse((String) name), (Long) version));
        Confirmation confirmation = new Confirmation((Long) positions.get(0), (Long) positions.get(1), versions);
        UUID id = uuid(settled.get("id"));
        overlay.confirm(id, own.get(id), confirmation, all::readUpTo);
    }

    private void expect(Map<?, ?> expected) throws Exception {
        if (expected.containsKey("version")) {
            assertEquals(expected.get("version"), open.shownVersion());
        }
        Map<?, ?> registers = (Map<?, ?>) expected.get("registers");
        if (registers != null) {
            assertEquals(registers.keySet(), open.layered().values().keySet());
            for (Map.Entry<?, ?> entry : registers.entrySet()) {
                RegisterValue value = open.layered().values().get((String) entry.getKey());
                ((Map<?, ?>) entry.getValue()).forEach((field, wanted) -> assertEquals(wanted, field(value, field)));
            }
        }
        if (expected.containsKey("applied")) {
            assertEquals(expected.get("applied"), applied.value());
        }
    }

    private static Object field(RegisterValue value, Object field) {
        return switch ((String) field) {
            case "data" -> dataOf(value.data().bytes());
            case "data_base64" ->
                Base64.getEncoder().encodeToString(value.data().bytes());
            case "datacontenttype" -> value.data().contentType();
            case "pending" -> value.pending();
            case "client" -> value.client();
            case "type" -> value.type();
            case "typeVersion" -> value.typeVersion();
            case "time" -> value.time();
            case "version" -> value.version();
            case "position" -> value.position();
            default -> throw new IllegalArgumentException("the cases check a field that is not known here: " + field);
        };
    }

    private static Object dataOf(byte[] json) {
        try {
            return JsonTree.read(json);
        } catch (BadBodyException e) {
            throw new AssertionError(e);
        }
    }

    /** The cases name things by short words, the reader wants UUIDs. */
    private static List<RecordedEvent> recorded(List<?> events) throws BadBodyException {
        List<Object> named = new ArrayList<>();
        for (Object event : events) {
            Map<Object, Object> fields = new LinkedHashMap<>((Map<?, ?>) event);
            fields.computeIfPresent("id", (name, id) -> uuid(id).toString());
            fields.computeIfPresent("append", (name, id) -> uuid(id).toString());
            named.add(fields);
        }
        return RecordedReader.readEvents(json(named));
    }

    private static StateReader.State state(Map<?, ?> state) throws BadBodyException {
        Map<String, Register> registers = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) state.get("registers")).entrySet()) {
            registers.put((String) entry.getKey(), RecordedReader.readRegister(json(entry.getValue())));
        }
        AggregateId aggregate = AggregateId.parse((String) state.get("aggregate"));
        return new StateReader.State(
                aggregate, (Long) state.get("version"), (Long) state.get("position"), null, null, registers, null);
    }

    private static byte[] json(Object value) {
        return new JsonBytes().value(value).toByteArray();
    }

    private static UUID uuid(Object word) {
        return UUID.nameUUIDFromBytes(((String) word).getBytes(StandardCharsets.UTF_8));
    }

    private static final class ListOfApplied implements LiveProjection<List<Object>> {
        @Override
        public List<Object> initial() {
            return List.of();
        }

        @Override
        public List<Object> apply(List<Object> state, SeenEvent event) {
            List<Object> longer = new ArrayList<>(state);
            EventData data = event.event().data();
            Object shown = data.form() == EventData.Form.JSON ? dataOf(data.bytes()) : "bytes";
            longer.add(Arrays.asList(shown, event.pending()));
            return longer;
        }
    }
}

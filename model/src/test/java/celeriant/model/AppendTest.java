package celeriant.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AppendTest {
    private static final UUID ID = new UUID(1, 2);
    private static final Event EVENT = Event.of(new AggregateId("a", "b"), "c", EventData.json(new byte[] {'1'}));
    private static final Map<AggregateId, ExpectedVersion> EXPECTED = Map.of(EVENT.aggregate(), ExpectedVersion.of(1));

    @Test
    void aSequenceAndExpectedVersionsExcludeEachOther() {
        assertThrows(IllegalArgumentException.class, () -> new Append(ID, 1, List.of(EVENT), EXPECTED, null));
        assertEquals(EXPECTED, new Append(ID, 0, List.of(EVENT), EXPECTED, null).expected());
    }

    @Test
    void anAppendHasEventsOrAFault() {
        Problem fault = Problem.badRequest("/events", "none");
        assertThrows(IllegalArgumentException.class, () -> Append.online(ID, List.of(), Map.of()));
        assertThrows(IllegalArgumentException.class, () -> new Append(ID, 0, List.of(EVENT), Map.of(), fault));
        assertEquals(fault, Append.faulty(ID, 3, fault).fault());
    }

    @Test
    void aSequenceIsNotNegative() {
        assertThrows(IllegalArgumentException.class, () -> Append.sequenced(ID, -1, List.of(EVENT)));
    }

    @Test
    void itsEventsDoNotChangeWithTheListThatTheyCameIn() {
        List<Event> events = new ArrayList<>(List.of(EVENT));
        Append append = Append.sequenced(ID, 1, events);
        events.clear();
        assertEquals(List.of(EVENT), append.events());
    }

    @Test
    void everyErrorCodeHasItsOwnNumberAndWord() {
        for (ErrorCode code : ErrorCode.values()) {
            assertEquals(code, ErrorCode.ofNumber(code.number()));
        }
        long words = List.of(ErrorCode.values()).stream()
                .map(ErrorCode::code)
                .distinct()
                .count();
        assertEquals(ErrorCode.values().length, words);
        assertThrows(IllegalArgumentException.class, () -> ErrorCode.ofNumber(0));
    }
}

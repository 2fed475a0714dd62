package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The sync machine")
class SyncStateTest {
    @Test
    @DisplayName("makes exactly the transitions of conformance/client/sync-state.json")
    void transitions() throws Exception {
        Map<?, ?> table = Conformance.read("client/sync-state.json");
        Map<?, ?> transitions = (Map<?, ?>) table.get("transitions");
        Map<?, ?> states = (Map<?, ?>) table.get("states");
        Set<String> words =
                Arrays.stream(SyncState.values()).map(SyncState::word).collect(Collectors.toSet());
        assertEquals(words, transitions.keySet());
        assertEquals(
                Arrays.stream(SyncEvent.values()).map(SyncEvent::word).collect(Collectors.toSet()),
                ((Map<?, ?>) table.get("events")).keySet());
        for (SyncState state : SyncState.values()) {
            Map<?, ?> row = (Map<?, ?>) transitions.get(state.word());
            Object activity = ((Map<?, ?>) states.get(state.word())).get("activity");
            assertEquals(activity, state.activity().name().toLowerCase(Locale.ROOT), state.word());
            for (SyncEvent event : SyncEvent.values()) {
                assertEquals(row.get(event.word()), state.on(event).word(), state.word() + " on " + event.word());
            }
        }
    }
}

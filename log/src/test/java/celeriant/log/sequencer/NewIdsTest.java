package celeriant.log.sequencer;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.EventLog;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who says that an id is new is believed; everybody else's is looked for. */
class NewIdsTest {
    private static final UUID ID = new UUID(1, 1);

    private AppendResult append(EventLog log, boolean isNew) {
        Event event = Event.of(new AggregateId("canvas", "a"), "drawn", EventData.json(new byte[] {'1'}));
        AppendRequest request = new AppendRequest(
                "acme",
                new ClientId("svc.a"),
                null,
                List.of(Append.online(ID, List.of(event), Map.of())),
                Caller.EMBEDDER,
                isNew);
        AppendOutcome outcome = log.append(request).toCompletableFuture().join();
        return assertInstanceOf(AppendOutcome.Settled.class, outcome).results().get(0);
    }

    @Test
    void anIdThatIsNotSaidToBeNewIsLookedFor() {
        try (EventLog log = new InMemoryEventLog()) {
            append(log, false);
            assertInstanceOf(AppendResult.Duplicate.class, append(log, false));
        }
    }

    @Test
    void anIdThatIsSaidToBeNewIsNotLookedFor() {
        try (EventLog log = new InMemoryEventLog()) {
            append(log, false);
            assertInstanceOf(AppendResult.Appended.class, append(log, true));
        }
    }
}

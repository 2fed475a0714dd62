package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.AppendRequest;
import celeriant.log.Caller;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.log.retention.RetentionRule;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the rules drop is dropped. */
class RetentionPlanTest {
    private static final AggregateId BOARD = AggregateId.parse("canvas/board");
    private static final int EVENTS = 20;
    private static final int EVENTS_MAX = 5;
    private static final long SECONDS_MAX = 60;

    @Test
    void whatIsOverTheRuleIsTrimmed() throws Exception {
        try (InMemoryEventLog log = new InMemoryEventLog()) {
            for (int i = 1; i <= EVENTS; i++) {
                EventData data = EventData.json("1".getBytes(StandardCharsets.UTF_8));
                Append append = Append.online(new UUID(1, i), List.of(Event.keyed(BOARD, "set", "k", data)), Map.of());
                log.append(new AppendRequest("acme", new ClientId("ana"), null, List.of(append), Caller.EMBEDDER));
            }
            CompletableFuture<String> trimmed = new CompletableFuture<>();
            log.follow((org, events, head) ->
                    trimmed.complete(events.getFirst().event().type()));
            List<RetentionRule> rules = List.of(new RetentionRule("canvas", null, EVENTS_MAX, false));
            try (var sweeping = new RetentionPlan(rules, Duration.ofMillis(1)).start(log)) {
                assertEquals("$trimmed", trimmed.get(SECONDS_MAX, TimeUnit.SECONDS));
                assertTrue(log.aggregate("acme", BOARD).orElseThrow().count() <= EVENTS_MAX + 1, sweeping.toString());
            }
        }
    }
}

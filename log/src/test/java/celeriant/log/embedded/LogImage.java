package celeriant.log.embedded;

import celeriant.log.AggregateRead;
import celeriant.log.AggregateSummary;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.LogHead;
import celeriant.log.MergedRead;
import celeriant.log.contract.LogFixture;
import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Everything that can be read of a log with the fixture's org, clients and aggregates, to be compared. */
record LogImage(
        LogHead head,
        List<RecordedEvent> events,
        Map<AggregateId, AggregateSummary> aggregates,
        List<AggregateSummary> listed,
        Map<AggregateId, Map<String, Register>> registers,
        Map<AggregateId, List<RecordedEvent>> byAggregate,
        Map<AggregateId, String> snapshots,
        List<Optional<ClientHead>> clients) {
    private static final List<AggregateId> AGGREGATES = List.of(LogFixture.BOARD, LogFixture.OTHER, LogFixture.PLOT);
    private static final int PAGE_BYTES = 1 << 20;

    static LogImage of(EventLog log) {
        Map<AggregateId, AggregateSummary> aggregates = new TreeMap<>();
        Map<AggregateId, Map<String, Register>> registers = new TreeMap<>();
        Map<AggregateId, List<RecordedEvent>> byAggregate = new TreeMap<>();
        Map<AggregateId, String> snapshots = new TreeMap<>();
        for (AggregateId id : AGGREGATES) {
            log.aggregate(LogFixture.ORG, id).ifPresent(summary -> aggregates.put(id, summary));
            log.state(LogFixture.ORG, id).ifPresent(state -> registers.put(id, state.registers()));
            log.snapshot(LogFixture.ORG, id)
                    .ifPresent(snapshot -> snapshots.put(id, snapshot.version() + ":" + snapshot.data().length));
            byAggregate.put(
                    id,
                    log.readAggregate(
                                    LogFixture.ORG,
                                    id,
                                    new AggregateRead(0, Long.MAX_VALUE, 10_000, PAGE_BYTES, Set.of()))
                            .events());
        }
        return new LogImage(
                log.head(LogFixture.ORG),
                merged(log),
                aggregates,
                listed(log),
                registers,
                byAggregate,
                snapshots,
                List.of(
                        log.clientHead(LogFixture.ORG, LogFixture.ANA),
                        log.clientHead(LogFixture.ORG, LogFixture.BEN)));
    }

    private static List<AggregateSummary> listed(EventLog log) {
        return log.types(LogFixture.ORG).stream()
                .flatMap(type -> log.aggregates(LogFixture.ORG, type, "", AGGREGATES.size()).stream())
                .toList();
    }

    private static List<RecordedEvent> merged(EventLog log) {
        List<RecordedEvent> events = new ArrayList<>();
        MergedRead read = MergedRead.after(0);
        while (true) {
            EventPage page = log.readMerged(LogFixture.ORG, read);
            events.addAll(page.events());
            if (page.last()) {
                return events;
            }
            read = read.from(page.covered());
        }
    }
}

package celeriant.log.embedded.reads;

import celeriant.log.AggregateRead;
import celeriant.log.AggregateState;
import celeriant.log.EventPage;
import celeriant.log.LogHead;
import celeriant.log.MergedRead;
import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.index.EventPlaces;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.index.Run;
import celeriant.log.embedded.index.Runs;
import celeriant.log.embedded.journal.Journal;
import celeriant.log.embedded.journal.SegmentScanner;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordDecoder;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.reading.AggregatePageBuilder;
import celeriant.log.reading.StateAt;
import celeriant.log.sequencer.AggregateHead;
import celeriant.log.sequencer.OrgHead;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.model.Snapshot;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads of events and states. Each takes a head first and looks at nothing above it; the index holds nothing that is
 * not durable. Blocks on the disk; any number of threads at once.
 */
public final class EmbeddedReads {
    private final Index index;
    private final Journal journal;
    private final IndexedView view;
    private final RegisterReader registers;
    private final MergedReads merged;
    private final String logId;

    public EmbeddedReads(Index index, Journal journal, String logId) {
        this.index = index;
        this.journal = journal;
        this.view = new IndexedView(index, journal);
        this.registers = new RegisterReader(index, view);
        this.merged = new MergedReads(index, journal, view);
        this.logId = logId;
    }

    public IndexedView view() {
        return view;
    }

    public LogHead head(String org) {
        return logHead(index.orgEntry(org).head());
    }

    public LogHead logHead(OrgHead head) {
        String hash = head.position() == 0 ? "" : HexFormat.of().formatHex(head.hash());
        return new LogHead(head.position(), logId, hash);
    }

    public Optional<String> hashAt(String org, long position) {
        OrgHead head = index.orgEntry(org).head();
        if (position < 0 || position > head.position()) {
            return Optional.empty();
        }
        if (position == head.position()) {
            return Optional.of(logHead(head).hash());
        }
        long end = position;
        while (end > 0) {
            long first;
            try (Runs runs = index.runs(org, end)) {
                Run run = runs.next();
                RecordBytes last = lastEndingAtOrBefore(run, position);
                if (last != null) {
                    return Optional.of(
                            HexFormat.of().formatHex(view.append(last.place()).hash()));
                }
                first = run.firstPosition();
            }
            end = first - 1;
        }
        return Optional.of("");
    }

    private RecordBytes lastEndingAtOrBefore(Run run, long position) {
        RecordBytes found = null;
        SegmentScanner scanner = journal.scan(run.place(), run.bytes());
        for (RecordBytes record = scanner.next(); record != null; record = scanner.next()) {
            if (record.kind() == RecordFormat.Kind.APPEND) {
                if (record.lastPosition() > position) {
                    return found;
                }
                found = record;
            }
        }
        run.requireEnd(scanner);
        return found;
    }

    public EventPage readAggregate(String org, AggregateId aggregate, AggregateRead read) {
        return ofOneHistory(org, aggregate, entry -> {
            AggregateHead head = entry == null ? AggregateHead.ABSENT : entry.head();
            AggregatePageBuilder page = new AggregatePageBuilder(read, head);
            if (entry != null && page.start() <= page.end()) {
                forEach(org, aggregate, entry, page.start(), page::offer);
            }
            return page.page();
        });
    }

    /** Reads again if events were trimmed meanwhile: they may be missing in the middle of what was read. */
    private <T> T ofOneHistory(String org, AggregateId aggregate, Function<AggregateEntry, T> read) {
        AggregateEntry before = index.aggregateEntry(org, aggregate);
        while (true) {
            T result = read.apply(before);
            AggregateEntry after = index.aggregateEntry(org, aggregate);
            if (before == null || after.head().firstVersion() == before.head().firstVersion()) {
                return result;
            }
            before = after;
        }
    }

    /** Gives the events of an aggregate from a version on, until the visitor has enough. */
    private void forEach(
            String org, AggregateId aggregate, AggregateEntry entry, long from, Predicate<RecordedEvent> visitor) {
        try (EventPlaces places = index.events(org, aggregate, entry, from)) {
            for (long place = places.next(); place != 0; place = places.next()) {
                for (RecordedEvent recorded : view.events(place, aggregate, from, Long.MAX_VALUE)) {
                    if (!RecordDecoder.isRemoved(recorded) && !visitor.test(recorded)) {
                        return;
                    }
                }
            }
        }
    }

    public EventPage readMerged(String org, MergedRead read) {
        return merged.read(org, read);
    }

    public Optional<AggregateState> state(String org, AggregateId aggregate) {
        return registers.state(org, aggregate);
    }

    public Optional<AggregateState> stateAt(String org, AggregateId aggregate, long version) {
        return ofOneHistory(org, aggregate, entry -> {
            if (entry == null
                    || !entry.head().exists()
                    || version > entry.head().version()) {
                return Optional.empty();
            }
            return entry.head().isTrimmed()
                    ? registers.now(org, aggregate).map(now -> stateAt(org, aggregate, version, now))
                    : Optional.of(stateAt(org, aggregate, version, RegisterReader.Now.untrimmed(entry)));
        });
    }

    private AggregateState stateAt(String org, AggregateId aggregate, long version, RegisterReader.Now now) {
        AggregateHead head = now.entry().head();
        StateAt state = new StateAt(head, version);
        forEach(org, aggregate, now.entry(), head.firstVersion(), state::offer);
        Snapshot snapshot = view.snapshotOf(org, aggregate)
                .filter(s -> s.version() <= version)
                .orElse(null);
        return new AggregateState(aggregate, version, state.position(), state.registers(now.registers()), snapshot);
    }

    public Optional<Snapshot> snapshot(String org, AggregateId aggregate) {
        return view.snapshotOf(org, aggregate);
    }
}

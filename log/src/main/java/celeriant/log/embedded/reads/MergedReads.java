package celeriant.log.embedded.reads;

import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.index.OrgEntry;
import celeriant.log.embedded.index.Run;
import celeriant.log.embedded.index.Runs;
import celeriant.log.embedded.index.TypeMask;
import celeriant.log.embedded.journal.Journal;
import celeriant.log.embedded.journal.SegmentScanner;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordDecoder;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.reading.MergedFilter;
import celeriant.log.reading.MergedPageBuilder;
import celeriant.log.sequencer.Tombstone;
import celeriant.model.AggregateId;
import celeriant.model.Names;
import celeriant.model.RecordedEvent;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads of the merged log. It is gone through run by run, those left out that hold none of the types that are wanted;
 * or, when some aggregates are followed through a long part of it, from one of their appends to the next, so that what
 * others appended between costs nothing. Takes the org's head first and looks at nothing above it. Thread-safe.
 */
final class MergedReads {
    /** Finding an aggregate's next append costs about as much as passing over so many events. */
    private static final int EVENTS_PER_AGGREGATE = 32;

    private final Index index;
    private final Journal journal;
    private final IndexedView view;

    MergedReads(Index index, Journal journal, IndexedView view) {
        this.index = index;
        this.journal = journal;
        this.view = view;
    }

    EventPage read(String org, MergedRead read) {
        OrgEntry entry = index.orgEntry(org);
        MergedPageBuilder page = new MergedPageBuilder(read, entry.head().position());
        if (read.after() < page.end()) {
            Predicate<RecordedEvent> isThere = entry.discards() == 0 ? recorded -> true : new StillThere(org);
            new OneRead(org, read, page, isThere).run();
        }
        return page.page();
    }

    /** One page being filled. Confined to one thread. */
    private final class OneRead {
        private final String org;
        private final MergedRead read;
        private final MergedPageBuilder page;
        private final Predicate<RecordedEvent> isThere;
        private final RecordDecoder.Wanted wanted;

        OneRead(String org, MergedRead read, MergedPageBuilder page, Predicate<RecordedEvent> isThere) {
            this.org = org;
            this.read = read;
            this.page = page;
            this.isThere = isThere;
            MergedFilter filter = page.filter();
            this.wanted = (aggregate, version, type) ->
                    !type.equals(RecordDecoder.REMOVED_TYPE) && filter.passes(aggregate, type);
        }

        void run() {
            boolean isFollowing = !read.aggregates().isEmpty() && read.types().isEmpty();
            long length = page.end() - read.after();
            if (isFollowing && length > (long) read.aggregates().size() * EVENTS_PER_AGGREGATE) {
                follow();
            } else {
                goThrough();
            }
        }

        private void goThrough() {
            long types = TypeMask.wanted(page.filter());
            try (Runs runs = index.runs(org, read.after() + 1)) {
                Run run = runs.next();
                while (run != null && goThrough(run, types)) {
                    run = runs.next();
                }
            }
        }

        /** @return whether to go on */
        private boolean goThrough(Run run, long types) {
            if (!TypeMask.mayHold(run.types(), types)) {
                return page.endAppend(run.lastPosition());
            }
            SegmentScanner scanner = journal.scan(run.place(), run.bytes());
            for (RecordBytes record = scanner.next(); record != null; record = scanner.next()) {
                if (record.kind() == RecordFormat.Kind.APPEND && !offerAppend(record)) {
                    return false;
                }
            }
            run.requireEnd(scanner);
            return true;
        }

        private void follow() {
            PriorityQueue<AggregatePlaces> next = new PriorityQueue<>(Comparator.comparingLong(AggregatePlaces::place));
            long start = startPlace();
            for (AggregateId aggregate : followed()) {
                add(next, new AggregatePlaces(index, org, aggregate, start));
            }
            boolean goesOn = true;
            long done = 0;
            while (goesOn && !next.isEmpty()) {
                AggregatePlaces first = next.poll();
                if (first.place() != done) {
                    done = first.place();
                    goesOn = offerAppend(journal.record(done));
                }
                first.advance();
                add(next, first);
            }
            if (goesOn) {
                page.endAppend(page.end());
            }
        }

        private static void add(PriorityQueue<AggregatePlaces> queue, AggregatePlaces places) {
            if (places.place() != 0) {
                queue.add(places);
            }
        }

        /** At or before the append that holds the first position. */
        private long startPlace() {
            try (Runs runs = index.runs(org, read.after() + 1)) {
                return runs.next().place();
            }
        }

        private Set<AggregateId> followed() {
            if (!read.withAccess()) {
                return read.aggregates();
            }
            Set<AggregateId> followed = new HashSet<>(read.aggregates());
            for (AggregateId aggregate : read.aggregates()) {
                followed.add(new AggregateId(Names.besideTypeOf(aggregate.type()), aggregate.id()));
            }
            return followed;
        }

        /** @return whether to go on */
        private boolean offerAppend(RecordBytes append) {
            IndexedView.requireAppend(append);
            if (append.lastPosition() <= read.after()) {
                return true;
            }
            for (RecordedEvent recorded : RecordDecoder.decodeEvents(append, wanted)) {
                if (isThere.test(recorded)) {
                    page.offer(recorded);
                }
            }
            return page.endAppend(append.lastPosition());
        }
    }

    /** Whether an event was not trimmed or deleted since; asks once per aggregate. */
    private final class StillThere implements Predicate<RecordedEvent> {
        private final String org;
        private final Map<AggregateId, Long> firstVersions = new HashMap<>();

        StillThere(String org) {
            this.org = org;
        }

        @Override
        public boolean test(RecordedEvent recorded) {
            long first = firstVersions.computeIfAbsent(
                    recorded.event().aggregate(),
                    aggregate -> view.aggregateHead(org, aggregate).firstVersion());
            return recorded.version() >= first
                    || Tombstone.isTombstone(recorded.event().type());
        }
    }
}

package celeriant.log.retention;

import celeriant.log.AggregateRead;
import celeriant.log.AggregateSummary;
import celeriant.log.Caller;
import celeriant.log.DiscardOutcome;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.TrimRequest;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.ExpectedVersion;
import celeriant.model.RecordedEvent;
import celeriant.model.Snapshot;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Looks through the aggregates that a rule names and trims what is over it. One {@link #sweep} is one pass, on the
 * caller's thread; {@link RetentionRunner} calls it again and again. An aggregate of which nothing but tombstones is
 * over the rule is left alone: a trim is an event, and would otherwise be the next sweep's reason to trim. Confined to
 * one thread.
 */
public final class Retention {
    /** Who trims, as the tombstones tell it. */
    public static final ClientId CLIENT = new ClientId("$retention");

    private static final int LISTING_PAGE = 1000;
    private static final int EVENTS_PAGE = 1000;
    private static final int EVENTS_PAGE_BYTES = 4 << 20;
    private static final int TOMBSTONES_LOOKED_AT = 16;

    private final EventLog log;
    private final List<RetentionRule> rules;
    private final InstantSource clock;

    public Retention(EventLog log, List<RetentionRule> rules, InstantSource clock) {
        this.log = log;
        this.rules = List.copyOf(rules);
        this.clock = clock;
    }

    /** Passes once over all orgs; @return how many aggregates were trimmed. */
    public long sweep() {
        long trimmed = 0;
        for (String org : log.orgs()) {
            for (RetentionRule rule : rules) {
                trimmed += sweep(org, rule);
            }
        }
        return trimmed;
    }

    private long sweep(String org, RetentionRule rule) {
        long trimmed = 0;
        String after = "";
        List<AggregateSummary> page;
        do {
            page = log.aggregates(org, rule.type(), after, LISTING_PAGE);
            for (AggregateSummary aggregate : page) {
                trimmed += keepWithin(org, rule, aggregate) ? 1 : 0;
                after = aggregate.aggregate().id();
            }
        } while (page.size() == LISTING_PAGE);
        return trimmed;
    }

    private boolean keepWithin(String org, RetentionRule rule, AggregateSummary aggregate) {
        long before = aggregate.firstVersion();
        if (rule.isTooMany(aggregate.count())) {
            before = aggregate.version() - rule.eventsMax() + 1;
        }
        if (rule.ageMax() != null && aggregate.count() > 0) {
            before = Math.max(before, firstYoungEnough(org, rule, aggregate));
        }
        if (before <= aggregate.firstVersion() || holdsTombstonesAlone(org, aggregate, before)) {
            return false;
        }
        DiscardOutcome outcome = trim(org, rule, aggregate.aggregate(), before);
        if (outcome instanceof DiscardOutcome.Refused refused
                && refused.problem().code() == ErrorCode.KEYLESS_EVENTS) {
            return trimToKeyless(org, rule, aggregate, before);
        }
        return outcome instanceof DiscardOutcome.Discarded;
    }

    /** What is before the first event that a trim may not drop may go even where not everything may. */
    private boolean trimToKeyless(String org, RetentionRule rule, AggregateSummary aggregate, long before) {
        long covered =
                log.snapshot(org, aggregate.aggregate()).map(Snapshot::version).orElse(0L);
        long within = firstKeyless(org, aggregate, Math.max(covered, aggregate.firstVersion() - 1), before);
        return within > aggregate.firstVersion()
                && !holdsTombstonesAlone(org, aggregate, within)
                && trim(org, rule, aggregate.aggregate(), within) instanceof DiscardOutcome.Discarded;
    }

    /** The first version behind {@code after} without a key; {@code before} if there is none below. */
    private long firstKeyless(String org, AggregateSummary aggregate, long after, long before) {
        long at = after;
        EventPage page;
        do {
            page = page(org, aggregate.aggregate(), at, before - 1, EVENTS_PAGE);
            for (RecordedEvent recorded : page.events()) {
                if (recorded.event().key() == null && !recorded.event().type().startsWith("$")) {
                    return recorded.version();
                }
            }
            at = page.covered();
        } while (!page.last());
        return before;
    }

    private DiscardOutcome trim(String org, RetentionRule rule, AggregateId aggregate, long before) {
        TrimRequest request = new TrimRequest(
                org, CLIENT, null, aggregate, new ExpectedVersion.Any(), before, rule.dropsKeyless(), Caller.EMBEDDER);
        return log.trim(request).toCompletableFuture().join();
    }

    /**
     * The first version that was recorded within the rule's age; one above the latest if none was. Read one after the
     * other, for clocks are put back: an event may be younger than one behind it. What is read here is trimmed, if no
     * keyless events hold it, so each event is read once.
     */
    private long firstYoungEnough(String org, RetentionRule rule, AggregateSummary aggregate) {
        long cutoff = clock.millis() - TimeUnit.MILLISECONDS.convert(rule.ageMax());
        long after = aggregate.firstVersion() - 1;
        EventPage page;
        do {
            page = page(org, aggregate.aggregate(), after, aggregate.version(), EVENTS_PAGE);
            for (RecordedEvent recorded : page.events()) {
                if (recorded.recordedAtMillis() >= cutoff) {
                    return recorded.version();
                }
            }
            after = page.covered();
        } while (!page.last());
        return aggregate.version() + 1;
    }

    private boolean holdsTombstonesAlone(String org, AggregateSummary aggregate, long before) {
        EventPage page =
                page(org, aggregate.aggregate(), aggregate.firstVersion() - 1, before - 1, TOMBSTONES_LOOKED_AT);
        return page.last()
                && page.events().stream()
                        .allMatch(recorded -> recorded.event().type().startsWith("$"));
    }

    private EventPage page(String org, AggregateId aggregate, long after, long to, int limit) {
        return log.readAggregate(org, aggregate, new AggregateRead(after, to, limit, EVENTS_PAGE_BYTES, Set.of()));
    }
}

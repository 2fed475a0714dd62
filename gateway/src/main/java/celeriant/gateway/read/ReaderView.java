package celeriant.gateway.read;

import celeriant.gateway.access.AccessNames;
import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.Level;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.ReaderRights;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.wire.PageWriter.RightChange;
import java.util.ArrayList;
import java.util.List;

/**
 * The merged log as one reader may see it: filtered by what it asked for and by its rights at each place. May block on
 * the log, but for what {@link #isReady} says is at hand. Confined to one thread at a time.
 */
public final class ReaderView {
    /** Pages of the log that are looked through for one page of a reader's at most; it goes on in the next. */
    private static final int LOOKED_THROUGH_MAX = 50;

    private final EventLog log;
    private final AccessService access;
    private final String org;
    private final Principal principal;
    private final EventFilter filter;
    /** Null if {@link #seesEverything}. */
    private final ReaderRights rights;

    private final boolean admin;
    private final boolean seesEverything;

    /** Looks the reader's role up: on a worker. */
    public ReaderView(EventLog log, AccessService access, String org, Principal principal, EventFilter filter) {
        this.log = log;
        this.access = access;
        this.org = org;
        this.principal = principal;
        this.filter = filter;
        ReaderRights own = new ReaderRights(log, org, principal);
        this.admin = access.isAdmin(org, principal);
        this.seesEverything = own.seesEverything() && (admin || !filter.namesSystem());
        this.rights = seesEverything ? null : own;
    }

    /** Whether what the filter lets through is shown without a further look. */
    public boolean seesEverything() {
        return seesEverything;
    }

    /** Whether the reader's role is still what it was when this was made: on a worker. */
    public boolean isCurrent() {
        return admin == access.isAdmin(org, principal);
    }

    /** Whether {@link #look} would not have to read the log for any of {@code events}. */
    public boolean isReady(List<RecordedEvent> events) {
        if (seesEverything) {
            return true;
        }
        for (RecordedEvent recorded : events) {
            AggregateId aggregate = recorded.event().aggregate();
            boolean relevant = filter.isBesideCovered(aggregate) || filter.passes(recorded);
            if (relevant && (aggregate.isSystem() && filter.covers(aggregate) || !rights.knows(recorded))) {
                return false;
            }
        }
        return true;
    }

    /** Adds what the reader is shown of {@code events}, the next of the log, to the two lists. */
    public void look(List<RecordedEvent> events, List<RecordedEvent> visible, List<RightChange> changes) {
        for (RecordedEvent recorded : events) {
            AggregateId aggregate = recorded.event().aggregate();
            boolean passes = filter.passes(recorded);
            if (seesEverything) {
                if (passes) {
                    visible.add(recorded);
                }
                continue;
            }
            if (filter.isBesideCovered(aggregate)
                    && rights.sight(recorded) instanceof ReaderRights.Sight.RightChanged changed) {
                String level = changed.level() == null ? null : changed.level().word();
                changes.add(new RightChange(changed.aggregate(), level, recorded.position()));
            }
            if (passes && isShown(recorded, aggregate)) {
                visible.add(recorded);
            }
        }
    }

    private boolean isShown(RecordedEvent recorded, AggregateId aggregate) {
        if (!aggregate.isSystem()) {
            return rights.sight(recorded) instanceof ReaderRights.Sight.Visible;
        }
        return admin || AccessNames.isBeside(aggregate) && owns(AccessNames.subject(aggregate));
    }

    private boolean owns(AggregateId aggregate) {
        Level level = access.level(org, principal, aggregate);
        return level != null && level.includes(Level.OWNER) && (admin || principal.isDevice());
    }

    /** A page: on a worker. */
    public VisiblePage page(MergedRead read) {
        if (!seesEverything) {
            rights.lookAgain();
        }
        List<RecordedEvent> visible = new ArrayList<>();
        List<RightChange> changes = new ArrayList<>();
        MergedRead next = read;
        EventPage page = null;
        for (int i = 0; i < LOOKED_THROUGH_MAX && (page == null || !page.last() && !isFull(visible, read)); i++) {
            page = log.readMerged(org, unfiltered(next, read.limit() - visible.size()));
            look(page.events(), visible, changes);
            next = next.from(Math.max(page.covered(), next.after()));
        }
        long covered = Math.max(page.covered(), read.after());
        return new VisiblePage(visible, changes, covered, page.last(), page.head());
    }

    /** What the reader asked for, and what tells its rights; the log's own filter knows no rights. */
    private MergedRead unfiltered(MergedRead read, int limit) {
        return new MergedRead(
                read.after(),
                read.to(),
                limit,
                read.bytesMax(),
                read.aggregates(),
                read.types(),
                read.eventTypes(),
                !seesEverything);
    }

    private static boolean isFull(List<RecordedEvent> visible, MergedRead read) {
        long bytes = 0;
        for (RecordedEvent recorded : visible) {
            bytes += recorded.event().data().bytes().length;
        }
        return visible.size() >= read.limit() || bytes >= read.bytesMax();
    }

    /**
     * The aggregates that the filter names and the reader may not see; to whom creating is not open, also those that do
     * not exist. On a worker.
     */
    public List<AggregateId> unseen() {
        List<AggregateId> unseen = new ArrayList<>();
        if (seesEverything) {
            return unseen;
        }
        boolean mayCreate = access.mayCreate(org, principal);
        for (AggregateId aggregate : filter.aggregates()) {
            boolean hidden = aggregate.isSystem()
                    ? !(AccessNames.isBeside(aggregate) && owns(AccessNames.subject(aggregate)))
                    : access.level(org, principal, aggregate) == null && !(mayCreate && isFree(aggregate));
            if (hidden) {
                unseen.add(aggregate);
            }
        }
        return unseen;
    }

    private boolean isFree(AggregateId aggregate) {
        return log.aggregate(org, aggregate).isEmpty()
                && log.aggregate(org, AccessNames.of(aggregate)).isEmpty();
    }
}

package celeriant.gateway.access;

import celeriant.log.AggregateRead;
import celeriant.log.AggregateSummary;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.RecordedEvent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * One reader's way through the merged log: which events it may see at their place in the order, and where its own
 * rights change. An event shows if the reader had the right at its position and has had it ever since; so one whose
 * right was taken away learns that, and nothing else, and one that got it back meanwhile sees no part of what was
 * before: a part would look like the whole. An aggregate's history of access is folded when it is first met, and
 * followed from then on; the oldest ones met are forgotten and folded again. May block on the log; confined to one
 * thread at a time.
 */
public final class ReaderRights {
    /** How many aggregates' rights a reader keeps at hand. */
    static final int AGGREGATES_MAX = 10_000;

    private static final int PAGE_EVENTS = 1_000;
    private static final int PAGE_BYTES = 1 << 20;

    /** What an event of the merged log is to the reader. */
    public sealed interface Sight {
        /** It is shown. */
        record Visible() implements Sight {}

        /** It is passed over. */
        record Hidden() implements Sight {}

        /** The reader's right on {@code aggregate} changes here; {@code level} null: it is taken away. */
        record RightChanged(AggregateId aggregate, Level level) implements Sight {}
    }

    private static final Sight VISIBLE = new Sight.Visible();
    private static final Sight HIDDEN = new Sight.Hidden();

    private final EventLog log;
    private final String org;
    private final boolean seesEverything;
    private final List<Grantee> grantees;
    private final Map<AggregateId, Right> met = new LinkedHashMap<>();
    private final Map<AggregateId, Held> held = new HashMap<>();
    private int looks;

    public ReaderRights(EventLog log, String org, Principal principal) {
        this.log = log;
        this.org = org;
        this.grantees = principal.grantees();
        Rights now = new Rights((aggregate, key) -> log.register(org, aggregate, key));
        this.seesEverything = !principal.isDevice()
                || now.role(principal).filter(Role.ADMIN::equals).isPresent();
    }

    /** Whether the reader sees all aggregates whatever their access: then there is nothing to follow. */
    public boolean seesEverything() {
        return seesEverything;
    }

    /** What {@code recorded}, the next event of the merged log, is to the reader. */
    public Sight sight(RecordedEvent recorded) {
        AggregateId aggregate = recorded.event().aggregate();
        if (seesEverything) {
            return VISIBLE;
        }
        if (AccessNames.isBeside(aggregate)) {
            return change(AccessNames.subject(aggregate), recorded);
        }
        boolean had = met(aggregate, recorded.position(), recorded.append()).level() != null;
        return had && held(aggregate).covers(recorded) ? VISIBLE : HIDDEN;
    }

    /** Forgets what the reader may read now, to look it up again: it may have lost a right since. */
    public void lookAgain() {
        looks++;
    }

    /** Whether {@link #sight} of it would not have to read the log. */
    public boolean knows(RecordedEvent recorded) {
        AggregateId aggregate = recorded.event().aggregate();
        if (AccessNames.isBeside(aggregate)) {
            return !concernsReader(recorded.event()) || met.containsKey(AccessNames.subject(aggregate));
        }
        return seesEverything || met.containsKey(aggregate) && isCurrent(held.get(aggregate));
    }

    private Sight change(AggregateId subject, RecordedEvent recorded) {
        if (!concernsReader(recorded.event())) {
            return HIDDEN;
        }
        Right right = met(subject, recorded.position() - 1, null);
        Level before = right.level();
        right.apply(recorded.event());
        held.remove(subject);
        Level after = right.level();
        return before == after ? HIDDEN : new Sight.RightChanged(subject, after);
    }

    private boolean concernsReader(Event event) {
        String key = event.key();
        return AccessNames.PUBLIC.equals(key)
                || grantees.stream().anyMatch(grantee -> grantee.key().equals(key));
    }

    private boolean isCurrent(Held known) {
        return known != null && known.look() == looks;
    }

    private Held held(AggregateId aggregate) {
        Held known = held.get(aggregate);
        if (isCurrent(known)) {
            return known;
        }
        AggregateId access = AccessNames.of(aggregate);
        long version = log.aggregate(org, access).map(AggregateSummary::version).orElse(0L);
        Held current = known != null && known.version() == version
                ? new Held(looks, version, known.position(), known.append())
                : heldSince(access);
        if (held.size() >= AGGREGATES_MAX) {
            held.clear();
        }
        held.put(aggregate, current);
        return current;
    }

    /** Since when the reader has had the right that it has now. */
    private Held heldSince(AggregateId access) {
        Right right = new Right(grantees);
        Held[] since = {new Held(looks, 0, Long.MAX_VALUE, null)};
        history(access, recorded -> {
            boolean had = right.level() != null;
            apply(recorded, right);
            boolean has = right.level() != null;
            Held before = since[0];
            long position = had && has ? before.position() : has ? recorded.position() : Long.MAX_VALUE;
            UUID append = had && has ? before.append() : has ? recorded.append() : null;
            since[0] = new Held(looks, recorded.version(), position, append);
            return true;
        });
        return since[0];
    }

    private Right met(AggregateId aggregate, long position, UUID append) {
        Right right = met.get(aggregate);
        if (right == null) {
            right = fold(aggregate, position, append);
            if (met.size() >= AGGREGATES_MAX) {
                met.remove(met.keySet().iterator().next());
            }
            met.put(aggregate, right);
        }
        return right;
    }

    /**
     * The right as it was at {@code position}. An append that creates an aggregate records its ownership behind its
     * events, so what is in {@code append} itself counts as well.
     */
    private Right fold(AggregateId aggregate, long position, UUID append) {
        Right right = new Right(grantees);
        history(AccessNames.of(aggregate), recorded -> {
            boolean counts =
                    recorded.position() <= position || recorded.append().equals(append);
            if (counts) {
                apply(recorded, right);
            }
            return counts;
        });
        return right;
    }

    private void apply(RecordedEvent recorded, Right right) {
        if (concernsReader(recorded.event())) {
            right.apply(recorded.event());
        }
    }

    /** Hands an aggregate's changes of access over, the oldest first, until {@code more} says no. */
    private void history(AggregateId access, Predicate<RecordedEvent> more) {
        long after = 0;
        while (true) {
            EventPage page = log.readAggregate(
                    org, access, new AggregateRead(after, Long.MAX_VALUE, PAGE_EVENTS, PAGE_BYTES, Set.of()));
            for (RecordedEvent recorded : page.events()) {
                if (!more.test(recorded)) {
                    return;
                }
            }
            if (page.last()) {
                return;
            }
            after = page.covered();
        }
    }

    /**
     * Since when the reader has had the right on an aggregate without a gap.
     *
     * @param look at which look this was so
     * @param version of the aggregate's access then
     * @param position where the right was given; {@link Long#MAX_VALUE} if there is none
     * @param append in which it was given: what an append that creates an aggregate holds shows, too; null for none
     */
    private record Held(int look, long version, long position, UUID append) {
        boolean covers(RecordedEvent recorded) {
            return recorded.position() > position || recorded.append().equals(append);
        }
    }

    /** One aggregate's access as far as it is about this reader. */
    private static final class Right {
        private final List<Grantee> grantees;
        private final Level[] granted;
        private final boolean[] revoked;
        private Level publicLevel;

        Right(List<Grantee> grantees) {
            this.grantees = grantees;
            this.granted = new Level[grantees.size()];
            this.revoked = new boolean[grantees.size()];
        }

        void apply(Event event) {
            Optional<JsonNode> data = AccessEvents.read(event.data());
            Level level = data.filter(node -> node.has("level"))
                    .flatMap(node -> Level.ofWord(node.get("level").asString()))
                    .orElse(null);
            if (AccessNames.PUBLIC.equals(event.key())) {
                publicLevel = level;
                return;
            }
            for (int i = 0; i < grantees.size(); i++) {
                if (grantees.get(i).key().equals(event.key())) {
                    granted[i] = level;
                    revoked[i] = data.filter(node -> node.has("revoked")).isPresent();
                }
            }
        }

        Level level() {
            Level highest = publicLevel;
            for (int i = 0; i < granted.length; i++) {
                if (revoked[i]) {
                    return null;
                }
                highest = Level.higher(highest, granted[i]);
            }
            return highest;
        }
    }
}

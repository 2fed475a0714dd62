package celeriant.gateway.access;

import celeriant.log.AggregateRead;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.RecordedEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * One reader's way through the merged log: which events it may see at their place in the order, and where its own
 * rights change. An event shows if the reader had the right at its position and has it now; so one whose right was
 * taken away learns that, and nothing else. An aggregate's history of access is folded when it is first met, and
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
    private final Principal principal;
    private final Rights now;
    private final List<Grantee> grantees;
    private final Map<AggregateId, Right> met = new LinkedHashMap<>();
    private final Map<AggregateId, Boolean> readableNow = new LinkedHashMap<>();

    public ReaderRights(EventLog log, String org, Principal principal) {
        this.log = log;
        this.org = org;
        this.principal = principal;
        this.grantees = principal.grantees();
        this.now = new Rights((aggregate, key) -> log.register(org, aggregate, key));
    }

    /** Whether the reader sees all aggregates whatever their access: then there is nothing to follow. */
    public boolean seesEverything() {
        return !principal.isDevice()
                || now.role(principal).filter(Role.ADMIN::equals).isPresent();
    }

    /** What {@code recorded}, the next event of the merged log, is to the reader. */
    public Sight sight(RecordedEvent recorded) {
        AggregateId aggregate = recorded.event().aggregate();
        if (AccessNames.isBeside(aggregate)) {
            return change(AccessNames.subject(aggregate), recorded);
        }
        boolean had = met(aggregate, recorded.position(), recorded.append()).level() != null;
        return had && isReadableNow(aggregate) ? VISIBLE : HIDDEN;
    }

    /** Forgets what the reader may read now, to look it up again: it may have lost a right since. */
    public void lookAgain() {
        readableNow.clear();
    }

    /** Whether {@link #sight} of it would not have to read the log. */
    public boolean knows(RecordedEvent recorded) {
        AggregateId aggregate = recorded.event().aggregate();
        if (AccessNames.isBeside(aggregate)) {
            return !concernsReader(recorded.event()) || met.containsKey(AccessNames.subject(aggregate));
        }
        return met.containsKey(aggregate) && readableNow.containsKey(aggregate);
    }

    private Sight change(AggregateId subject, RecordedEvent recorded) {
        if (!concernsReader(recorded.event())) {
            return HIDDEN;
        }
        Right right = met(subject, recorded.position() - 1, null);
        Level before = right.level();
        right.apply(recorded.event());
        readableNow.remove(subject);
        Level after = right.level();
        return before == after ? HIDDEN : new Sight.RightChanged(subject, after);
    }

    private boolean concernsReader(Event event) {
        String key = event.key();
        return AccessNames.PUBLIC.equals(key)
                || grantees.stream().anyMatch(grantee -> grantee.key().equals(key));
    }

    private boolean isReadableNow(AggregateId aggregate) {
        if (readableNow.size() >= AGGREGATES_MAX) {
            readableNow.clear();
        }
        return readableNow.computeIfAbsent(aggregate, key -> now.level(principal, key) != null);
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
        AggregateId access = AccessNames.of(aggregate);
        Right right = new Right(grantees);
        long after = 0;
        while (true) {
            EventPage page = log.readAggregate(
                    org, access, new AggregateRead(after, Long.MAX_VALUE, PAGE_EVENTS, PAGE_BYTES, Set.of()));
            for (RecordedEvent recorded : page.events()) {
                if (recorded.position() > position && !recorded.append().equals(append)) {
                    return right;
                }
                if (concernsReader(recorded.event())) {
                    right.apply(recorded.event());
                }
            }
            if (page.last()) {
                return right;
            }
            after = page.covered();
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

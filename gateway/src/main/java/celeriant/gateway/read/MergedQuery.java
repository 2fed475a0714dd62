package celeriant.gateway.read;

import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.JsonFields;
import celeriant.gateway.http.Query;
import celeriant.log.MergedRead;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import celeriant.model.Names;
import celeriant.model.Problem;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a reader asks of the merged log, in a query or in the body of a subscription.
 *
 * @param check {@code <position>:<hash>} of an earlier answer, or null
 * @param log the log id of an earlier answer, or null
 */
public record MergedQuery(
        long after,
        long to,
        int limit,
        Set<AggregateId> aggregates,
        Set<String> types,
        Set<String> eventTypes,
        Check check,
        String log) {
    private static final int WHOLE = -1;
    private static final String NO_EVENT_TYPE = "An event type is a name.";

    /** A position and the hash there that the reader remembers. */
    public record Check(long position, String hash) {}

    public MergedQuery {
        aggregates = Set.copyOf(aggregates);
        types = Set.copyOf(types);
        eventTypes = Set.copyOf(eventTypes);
    }

    /** Reads a query; every fault is named by its parameter. */
    public static MergedQuery of(Query query, Limits limits) {
        Fault bad = (name, index, detail) -> Query.bad(name, detail);
        return build(
                query.integer("after", 0, 0),
                query.integer("to", 0, Long.MAX_VALUE),
                limit(query, limits),
                new Filter(query.texts("aggregate"), query.texts("type"), query.texts("eventType")),
                new Names3("aggregate", "type", "eventType"),
                check(query),
                query.text("log"),
                limits,
                bad);
    }

    /** Reads the body of a subscription; every fault is named by its pointer. */
    public static MergedQuery of(JsonFields body, Limits limits) {
        Fault bad = (name, index, detail) ->
                RefusedException.badRequest("/" + name + (index == WHOLE ? "" : "/" + index), detail);
        Filter filter = new Filter(body.texts("aggregates"), body.texts("types"), body.texts("eventTypes"));
        requireSomething(body, filter, bad);
        return build(
                body.integer("after", 0).orElse(0),
                Long.MAX_VALUE,
                limits.pageEventsDefault(),
                filter,
                new Names3("aggregates", "types", "eventTypes"),
                check(body.text("check"), "check", bad),
                body.text("log"),
                limits,
                bad);
    }

    /** A list that is there and names nothing could mean nothing, or everything as one that is not there. */
    private static void requireSomething(JsonFields body, Filter filter, Fault bad) {
        boolean namesPlace = !filter.aggregates().isEmpty() || !filter.types().isEmpty();
        for (String name : List.of("aggregates", "types", "eventTypes")) {
            boolean namesSomething =
                    name.equals("eventTypes") ? !filter.eventTypes().isEmpty() : namesPlace;
            if (body.isPresent(name) && !namesSomething) {
                throw bad.at(name, WHOLE, name + " names nothing; leave it out to follow everything.");
            }
        }
    }

    /** Names what is wrong: a member or parameter, and which of its values ({@link #WHOLE}: the one that it has). */
    private interface Fault {
        RefusedException at(String name, int index, String detail);
    }

    private record Filter(Collection<String> aggregates, Collection<String> types, Collection<String> eventTypes) {
        int size() {
            return aggregates.size() + types.size() + eventTypes.size();
        }
    }

    private record Names3(String aggregates, String types, String eventTypes) {}

    /** The page size that a query asks for, cut to the limit. */
    static int limit(Query query, Limits limits) {
        return (int) Math.min(query.integer("limit", 1, limits.pageEventsDefault()), limits.pageEventsMax());
    }

    private static MergedQuery build(
            long after,
            long to,
            int limit,
            Filter filter,
            Names3 names,
            Check check,
            String log,
            Limits limits,
            Fault bad) {
        requireSize(filter.size(), limits);
        requireNames(filter.types(), names.types(), "An aggregate type is a name.", bad);
        requireNames(filter.eventTypes(), names.eventTypes(), NO_EVENT_TYPE, bad);
        Set<AggregateId> aggregates = aggregates(filter.aggregates(), names.aggregates(), bad);
        Set<String> types = new LinkedHashSet<>(filter.types());
        return new MergedQuery(
                after, to, limit, aggregates, types, new LinkedHashSet<>(filter.eventTypes()), check, log);
    }

    /** The event types that a query of one aggregate's events names. */
    static Set<String> eventTypes(Query query, Limits limits) {
        Set<String> eventTypes = query.texts("eventType");
        requireSize(eventTypes.size(), limits);
        requireNames(eventTypes, "eventType", NO_EVENT_TYPE, (name, index, detail) -> Query.bad(name, detail));
        return eventTypes;
    }

    private static void requireSize(int names, Limits limits) {
        if (names > limits.filterNamesMax()) {
            throw new RefusedException(
                    Problem.of(ErrorCode.TOO_LARGE, "A filter has at most " + limits.filterNamesMax() + " names.")
                            .with("limit", (long) limits.filterNamesMax())
                            .with("unit", "names"));
        }
    }

    private static Set<AggregateId> aggregates(Collection<String> texts, String member, Fault bad) {
        Set<AggregateId> aggregates = new LinkedHashSet<>();
        int index = 0;
        for (String text : texts) {
            try {
                aggregates.add(AggregateId.parse(text));
            } catch (IllegalArgumentException e) {
                throw bad.at(member, index, e.getMessage());
            }
            index++;
        }
        return aggregates;
    }

    private static void requireNames(Collection<String> texts, String member, String detail, Fault bad) {
        int index = 0;
        for (String text : texts) {
            if (!Names.isName(text) && !Names.isSystemName(text)) {
                throw bad.at(member, index, detail);
            }
            index++;
        }
    }

    /** What a query remembers of the log, or null. */
    static Check check(Query query) {
        return check(query.text("check"), "check", (name, index, detail) -> Query.bad(name, detail));
    }

    private static Check check(String text, String name, Fault bad) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        int colon = text.indexOf(':');
        long position = colon < 0 ? -1 : Query.wholeNumber(text.substring(0, colon));
        if (position < 0) {
            throw bad.at(name, WHOLE, "check is <position>:<hash>, from an earlier answer.");
        }
        return new Check(position, text.substring(colon + 1));
    }

    /** The same from another position on. */
    public MergedQuery from(long newAfter) {
        return new MergedQuery(newAfter, to, limit, aggregates, types, eventTypes, check, log);
    }

    /** The read of the log that it comes to. */
    public MergedRead read(int bytesMax) {
        return new MergedRead(after, to, limit, bytesMax, aggregates, types, eventTypes);
    }
}

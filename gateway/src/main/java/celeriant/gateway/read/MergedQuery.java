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
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiFunction;

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
    /** A position and the hash there that the reader remembers. */
    public record Check(long position, String hash) {}

    public MergedQuery {
        aggregates = Set.copyOf(aggregates);
        types = Set.copyOf(types);
        eventTypes = Set.copyOf(eventTypes);
    }

    /** Reads a query; every fault is named by its parameter. */
    public static MergedQuery of(Query query, Limits limits) {
        BiFunction<String, String, RefusedException> bad = Query::bad;
        return build(
                query.integer("after", 0, 0),
                query.integer("to", 0, Long.MAX_VALUE),
                limit(query, limits),
                new Filter(query.texts("aggregate"), query.texts("type"), query.texts("eventType")),
                new Names3("aggregate", "type", "eventType"),
                check(query.text("check"), "check", bad),
                query.text("log"),
                limits,
                bad);
    }

    /** Reads the body of a subscription; every fault is named by its pointer. */
    public static MergedQuery of(JsonFields body, Limits limits) {
        BiFunction<String, String, RefusedException> bad =
                (name, detail) -> RefusedException.badRequest("/" + name, detail);
        return build(
                body.integer("after", 0).orElse(0),
                Long.MAX_VALUE,
                limits.pageEventsDefault(),
                new Filter(body.texts("aggregates"), body.texts("types"), body.texts("eventTypes")),
                new Names3("aggregates", "types", "eventTypes"),
                check(body.text("check"), "check", bad),
                body.text("log"),
                limits,
                bad);
    }

    private record Filter(Set<String> aggregates, Set<String> types, Set<String> eventTypes) {
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
            BiFunction<String, String, RefusedException> bad) {
        if (filter.size() > limits.filterNamesMax()) {
            throw new RefusedException(
                    Problem.of(ErrorCode.TOO_LARGE, "A filter has at most " + limits.filterNamesMax() + " names.")
                            .with("limit", (long) limits.filterNamesMax())
                            .with("unit", "names"));
        }
        Set<AggregateId> aggregates = new LinkedHashSet<>();
        for (String aggregate : filter.aggregates()) {
            try {
                aggregates.add(AggregateId.parse(aggregate));
            } catch (IllegalArgumentException e) {
                throw bad.apply(names.aggregates(), e.getMessage());
            }
        }
        for (String type : filter.types()) {
            if (!Names.isName(type) && !Names.isSystemName(type)) {
                throw bad.apply(names.types(), "An aggregate type is a name.");
            }
        }
        for (String eventType : filter.eventTypes()) {
            if (!Names.isName(eventType) && !Names.isSystemName(eventType)) {
                throw bad.apply(names.eventTypes(), "An event type is a name.");
            }
        }
        return new MergedQuery(after, to, limit, aggregates, filter.types(), filter.eventTypes(), check, log);
    }

    private static Check check(String text, String name, BiFunction<String, String, RefusedException> bad) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        int colon = text.indexOf(':');
        long position = colon < 0 ? -1 : Query.wholeNumber(text.substring(0, colon));
        if (position < 0) {
            throw bad.apply(name, "check is <position>:<hash>, from an earlier answer.");
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

package celeriant.gateway.read;

import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.Query;
import celeriant.log.AggregateSummary;
import celeriant.log.EventLog;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import celeriant.model.Names;
import celeriant.wire.JsonBytes;
import java.util.List;

/** What there is: the types of an org, the aggregates of a type, one aggregate's row. */
public final class Listings {
    private final EventLog log;
    private final Limits limits;

    public Listings(EventLog log, Limits limits) {
        this.log = log;
        this.limits = limits;
    }

    /** The aggregate, or {@code not-found}; a deleted one is not found. */
    static AggregateSummary existing(EventLog log, String org, AggregateId aggregate) {
        return log.aggregate(org, aggregate)
                .filter(AggregateSummary::exists)
                .orElseThrow(() -> RefusedException.of(ErrorCode.NOT_FOUND, "There is no " + aggregate + "."));
    }

    /** {@code GET /v1/{org}}. */
    public void types(Exchange exchange) {
        exchange.answerFromWorker(() -> {
            JsonBytes out = new JsonBytes();
            out.raw('{').name("types").raw('[');
            log.types(exchange.org()).stream()
                    .filter(type -> !type.startsWith("$"))
                    .forEach(type -> out.element().string(type));
            return Answer.json(200, out.raw(']').raw('}'));
        });
    }

    /** {@code GET /v1/{org}/{type}}. */
    public void aggregates(Exchange exchange) {
        String after = exchange.query().text("after");
        int limit = MergedQuery.limit(exchange.query(), limits);
        String afterId = after == null ? "" : idOf(after, exchange.name("type"));
        exchange.answerFromWorker(() -> {
            List<AggregateSummary> rows = log.aggregates(exchange.org(), exchange.name("type"), afterId, limit + 1);
            boolean more = rows.size() > limit;
            JsonBytes out = new JsonBytes();
            out.raw('{').name("aggregates").raw('[');
            rows.stream().limit(limit).forEach(row -> write(row, out.element()));
            out.raw(']').name("next");
            out.string(more ? rows.get(limit - 1).aggregate().id() : null);
            return Answer.json(200, out.raw('}'));
        });
    }

    /** {@code after} is an id, or the aggregate's whole name. */
    private static String idOf(String after, String type) {
        String id = after.startsWith(type + "/") ? after.substring(type.length() + 1) : after;
        if (!id.isEmpty() && !Names.isName(id)) {
            throw Query.bad("after", "after is the id of the last aggregate of the page before.");
        }
        return id;
    }

    /** {@code GET /v1/{org}/{type}/{id}}. */
    public void aggregate(Exchange exchange) {
        exchange.answerFromWorker(() -> {
            AggregateSummary row = existing(log, exchange.org(), exchange.aggregate());
            JsonBytes out = new JsonBytes();
            write(row, out);
            return Answer.json(200, out).withETag(row.version());
        });
    }

    private static void write(AggregateSummary row, JsonBytes out) {
        out.raw('{').name("aggregate").string(row.aggregate().toString());
        out.name("version").number(row.version());
        out.name("firstVersion").number(row.firstVersion());
        out.name("count").number(row.count());
        out.name("recordedAt").time(row.recordedAtMillis());
        out.raw('}');
    }
}

package celeriant.gateway.read;

import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Conditions;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.Query;
import celeriant.log.AggregateSummary;
import celeriant.log.EventLog;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import celeriant.model.Names;
import celeriant.wire.JsonBytes;
import java.util.ArrayList;
import java.util.List;

/** What there is: the types of an org, the aggregates of a type, one aggregate's row. */
public final class Listings {
    /** Aggregates that are looked through for one page at most; {@code next} says where it goes on. */
    private static final int LOOKED_THROUGH_MAX = 100_000;

    private static final int PAGE = 1_000;

    private final EventLog log;
    private final ReadGuard guard;
    private final Limits limits;

    public Listings(EventLog log, ReadGuard guard, Limits limits) {
        this.log = log;
        this.guard = guard;
        this.limits = limits;
    }

    /** The aggregate, or {@code not-found}; a deleted one is not found. */
    static AggregateSummary existing(EventLog log, String org, AggregateId aggregate) {
        return log.aggregate(org, aggregate)
                .filter(AggregateSummary::exists)
                .orElseThrow(() -> RefusedException.of(ErrorCode.NOT_FOUND, "There is no " + aggregate + "."));
    }

    /** {@code GET /v1/{org}}: the types of which there is something that the caller may see. */
    public void types(Exchange exchange) {
        exchange.answerFromWorker(() -> {
            JsonBytes out = new JsonBytes();
            out.raw('{').name("types").raw('[');
            for (String type : log.types(exchange.org())) {
                if (!type.startsWith("$")
                        && !visible(exchange, type, "", 1).rows().isEmpty()) {
                    out.element().string(type);
                }
            }
            return Answer.json(200, out.raw(']').raw('}'));
        });
    }

    /** {@code GET /v1/{org}/{type}}. */
    public void aggregates(Exchange exchange) {
        String after = exchange.query().text("after");
        int limit = MergedQuery.limit(exchange.query(), limits);
        String type = exchange.name("type");
        String afterId = after == null ? "" : idOf(after, type);
        exchange.answerFromWorker(() -> {
            Rows found = visible(exchange, type, afterId, limit);
            JsonBytes out = new JsonBytes();
            out.raw('{').name("aggregates").raw('[');
            found.rows().forEach(row -> write(row, out.element()));
            out.raw(']').name("next").string(found.next());
            return Answer.json(200, out.raw('}'));
        });
    }

    /** @param next the id to go on behind, or null at the end */
    private record Rows(List<AggregateSummary> rows, String next) {}

    private Rows visible(Exchange exchange, String type, String afterId, int limit) {
        List<AggregateSummary> rows = new ArrayList<>();
        String from = afterId;
        for (int looked = 0; looked < LOOKED_THROUGH_MAX; looked += PAGE) {
            List<AggregateSummary> page = log.aggregates(exchange.org(), type, from, PAGE);
            for (AggregateSummary row : page) {
                if (guard.mayRead(exchange.org(), exchange.principal(), row.aggregate())) {
                    if (rows.size() == limit) {
                        return new Rows(rows, from);
                    }
                    rows.add(row);
                }
                from = row.aggregate().id();
            }
            if (page.size() < PAGE) {
                return new Rows(rows, null);
            }
        }
        return new Rows(rows, from);
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
            guard.require(exchange);
            AggregateSummary row = existing(log, exchange.org(), exchange.aggregate());
            JsonBytes out = new JsonBytes();
            write(row, out);
            return Conditions.unlessKnown(exchange, row.version(), Answer.json(200, out));
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

package celeriant.gateway.read;

import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.Query;
import celeriant.log.AggregateRead;
import celeriant.log.AggregateSummary;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import celeriant.model.Problem;
import celeriant.wire.JsonBytes;
import celeriant.wire.PageWriter;
import java.util.OptionalLong;
import java.util.Set;

/** {@code GET /v1/{org}/{type}/{id}/events}: a page of one aggregate's events. */
public final class AggregateEvents {
    private final EventLog log;
    private final ReadGuard guard;
    private final Limits limits;

    public AggregateEvents(EventLog log, ReadGuard guard, Limits limits) {
        this.log = log;
        this.guard = guard;
        this.limits = limits;
    }

    public void handle(Exchange exchange) {
        AggregateId aggregate = exchange.aggregate();
        Query query = exchange.query();
        OptionalLong after = query.integer("after", 0);
        long to = query.integer("to", 0, Long.MAX_VALUE);
        int limit = MergedQuery.limit(query, limits);
        Set<String> eventTypes = MergedQuery.eventTypes(query, limits);
        MergedQuery.Check check = MergedQuery.check(query);
        exchange.answerFromWorker(() -> {
            guard.require(exchange);
            Divergence.require(log, exchange.org(), query.text("log"), check);
            AggregateSummary summary = Listings.existing(log, exchange.org(), aggregate);
            long from = after.orElse(summary.firstVersion() - 1);
            EventPage page = log.readAggregate(
                    exchange.org(), aggregate, new AggregateRead(from, to, limit, limits.pageBytesMax(), eventTypes));
            if (after.isPresent() && from + 1 < page.firstVersion()) {
                throw new RefusedException(gone(page.firstVersion()));
            }
            JsonBytes out = new JsonBytes();
            Long next = page.last() ? null : page.covered();
            PageWriter.writeAggregate(page.events(), next, page.head(), page.firstVersion(), out);
            return Answer.json(200, out);
        });
    }

    static Problem gone(long firstVersion) {
        return Problem.of(ErrorCode.GONE, "Events below version " + firstVersion + " were trimmed away.")
                .with("firstVersion", firstVersion);
    }
}

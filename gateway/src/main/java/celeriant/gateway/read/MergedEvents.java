package celeriant.gateway.read;

import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Exchange;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.LogHead;
import celeriant.model.Limits;
import celeriant.wire.JsonBytes;
import celeriant.wire.PageWriter;
import java.util.List;

/** {@code GET /v1/{org}/events} as JSON: one page of the merged log. */
public final class MergedEvents {
    private final EventLog log;
    private final Limits limits;

    public MergedEvents(EventLog log, Limits limits) {
        this.log = log;
        this.limits = limits;
    }

    public void handle(Exchange exchange) {
        MergedQuery query = MergedQuery.of(exchange.query(), limits);
        exchange.answerFromWorker(() -> {
            Divergence.require(log, exchange.org(), query);
            return page(exchange.org(), query).answer();
        });
    }

    /** A page as it was read. */
    public record Page(String org, EventPage events, LogHead head, String hash) {
        public boolean isEmpty() {
            return events.events().isEmpty() && events.last();
        }

        public Answer answer() {
            JsonBytes out = new JsonBytes();
            Long next = events.last() ? null : events.covered();
            PageWriter.writeMerged(events.events(), next, events.head(), head.logId(), hash, List.of(), out);
            return Answer.json(200, out);
        }
    }

    /** Reads one: on a worker. */
    public Page page(String org, MergedQuery query) {
        EventPage events = log.readMerged(org, query.read(limits.pageBytesMax()));
        long hashed = events.last() ? events.head() : events.covered();
        return new Page(org, events, log.head(org), log.hashAt(org, hashed).orElseThrow());
    }
}

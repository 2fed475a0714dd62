package celeriant.gateway.read;

import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.Principal;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Exchange;
import celeriant.log.EventLog;
import celeriant.model.Limits;
import celeriant.wire.JsonBytes;
import celeriant.wire.PageWriter;

/** {@code GET /v1/{org}/events} as JSON: one page of the merged log. */
public final class MergedEvents {
    private final EventLog log;
    private final AccessService access;
    private final Limits limits;

    public MergedEvents(EventLog log, AccessService access, Limits limits) {
        this.log = log;
        this.access = access;
        this.limits = limits;
    }

    public void handle(Exchange exchange) {
        MergedQuery query = MergedQuery.of(exchange.query(), limits);
        exchange.answerFromWorker(() -> {
            Divergence.require(log, exchange.org(), query);
            return page(exchange.org(), exchange.principal(), query).answer();
        });
    }

    /** A page as it was read. */
    public record Page(VisiblePage visible, String logId, String hash) {
        /** Whether there is nothing in it and nothing behind it. */
        public boolean isEmpty() {
            return visible.isEmpty() && visible.last();
        }

        public Answer answer() {
            JsonBytes out = new JsonBytes();
            Long next = visible.last() ? null : visible.covered();
            PageWriter.writeMerged(visible.events(), next, visible.head(), logId, hash, visible.rights(), out);
            return Answer.json(200, out);
        }
    }

    /** Reads one: on a worker. */
    public Page page(String org, Principal principal, MergedQuery query) {
        ReaderView view = new ReaderView(log, access, org, principal, EventFilter.of(query));
        VisiblePage visible = view.page(query.read(limits.pageBytesMax()));
        long hashed = visible.last() ? visible.head() : visible.covered();
        return new Page(visible, log.head(org).logId(), log.hashAt(org, hashed).orElseThrow());
    }
}

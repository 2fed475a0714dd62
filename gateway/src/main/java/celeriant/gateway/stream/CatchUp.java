package celeriant.gateway.stream;

import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.Faults;
import celeriant.gateway.read.MergedQuery;
import celeriant.gateway.read.ReaderView;
import celeriant.gateway.read.VisiblePage;
import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.log.MergedRead;
import celeriant.wire.JsonBytes;
import celeriant.wire.PageWriter.RightChange;
import java.util.List;
import java.util.function.Consumer;

/** Reads what a subscriber has behind the ring from the log, page by page, each on a worker. Any thread. */
final class CatchUp {
    private static final int PAGE_EVENTS = 1_000;
    private static final int PAGE_BYTES = 128 * 1024;

    private final EventLog log;

    /**
     * A page as a subscriber takes it.
     *
     * @param last the position that it covers
     * @param bytes its messages; null if nothing of it is visible
     * @param head the log's end if the page reaches it, else null
     * @param rights where the reader's rights change in it
     */
    record Read(long last, byte[] bytes, LogHead head, List<RightChange> rights) {}

    CatchUp(EventLog log) {
        this.log = log;
    }

    /**
     * Reads the page behind {@code query.after()} and hands it over on the exchange's loop.
     *
     * @return false if no worker is free
     */
    boolean read(
            Exchange exchange, MergedQuery query, ReaderView view, Consumer<Read> done, Consumer<Throwable> failed) {
        try {
            exchange.onWorker(() -> {
                try {
                    Read page = page(exchange.org(), query, view);
                    exchange.loop().run(() -> done.accept(page));
                } catch (RuntimeException e) {
                    Faults.report("catch-up of a subscription", e);
                    exchange.loop().run(() -> failed.accept(e));
                }
            });
            return true;
        } catch (RefusedException busy) {
            return false;
        }
    }

    private Read page(String org, MergedQuery query, ReaderView view) {
        VisiblePage page = view.page(new MergedRead(
                query.after(),
                Long.MAX_VALUE,
                PAGE_EVENTS,
                PAGE_BYTES,
                query.aggregates(),
                query.types(),
                query.eventTypes()));
        LogHead head = page.last() ? headAt(org, page.covered()) : null;
        JsonBytes out = new JsonBytes();
        SseText.messages(page, out);
        return new Read(page.covered(), out.length() == 0 ? null : out.toByteArray(), head, page.rights());
    }

    private LogHead headAt(String org, long position) {
        LogHead now = log.head(org);
        return now.position() == position
                ? now
                : new LogHead(position, now.logId(), log.hashAt(org, position).orElseThrow());
    }
}

package celeriant.gateway.read;

import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.PulledBody;
import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.log.MergedRead;
import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import celeriant.model.RecordedEvent;
import celeriant.wire.EventWriter;
import celeriant.wire.JsonBytes;
import celeriant.wire.PageWriter;
import celeriant.wire.PageWriter.RightChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * {@code GET /v1/{org}/events} as NDJSON: the range up to the head at its start, one event a line, then a line that
 * tells how far it went, so that a cut one is known, and where the reader's own rights changed. These are kept until
 * then; when there are many, it ends before the head. It is cut when the reader's key, or its role, is not what it was.
 */
public final class NdjsonEvents {
    private static final int PIECE_EVENTS = 1_000;
    private static final int PIECE_BYTES = 512 * 1024;
    /** Changes of the reader's rights that it tells, about. */
    private static final int RIGHTS_MAX = 10_000;

    private final EventLog log;
    private final AccessService access;
    private final Limits limits;
    private final BiPredicate<String, Principal> isLive;

    /** {@code isLive} tells whether a caller that was let into an org may still come. */
    public NdjsonEvents(EventLog log, AccessService access, Limits limits, BiPredicate<String, Principal> isLive) {
        this.log = log;
        this.access = access;
        this.limits = limits;
        this.isLive = isLive;
    }

    public void handle(Exchange exchange) {
        MergedQuery query = MergedQuery.of(exchange.query(), limits);
        exchange.onWorker(() -> {
            Divergence.require(log, exchange.org(), query);
            LogHead head = log.head(exchange.org());
            long end = Math.min(query.to(), head.position());
            MergedRead read = new MergedRead(
                    query.after(),
                    end,
                    PIECE_EVENTS,
                    PIECE_BYTES,
                    query.aggregates(),
                    query.types(),
                    query.eventTypes());
            Answer answer = new Answer(200, MediaTypes.NDJSON, new byte[0], Map.of());
            ReaderView view = new ReaderView(log, access, exchange.org(), exchange.principal(), EventFilter.of(query));
            Pieces pieces = new Pieces(exchange, view, read, head, end);
            exchange.loop().run(() -> PulledBody.send(exchange, answer, pieces));
        });
    }

    private final class Pieces implements PulledBody.Source {
        private final Exchange exchange;
        private final ReaderView view;
        private final LogHead head;
        private final long end;

        /** Kept from piece to piece: the next is asked for when the last has been made. */
        private final JsonBytes out = new JsonBytes(PIECE_BYTES);

        private final List<RightChange> rights = new ArrayList<>();
        private MergedRead read;
        private boolean last;

        Pieces(Exchange exchange, ReaderView view, MergedRead read, LogHead head, long end) {
            this.exchange = exchange;
            this.view = view;
            this.read = read;
            this.head = head;
            this.end = end;
        }

        @Override
        public void next(PulledBody.Sink sink) {
            if (last) {
                sink.take(null);
                return;
            }
            exchange.onWorker(() -> {
                try {
                    sink.take(lines());
                } catch (RuntimeException e) {
                    sink.fail(e);
                }
            });
        }

        private byte[] lines() {
            requireStill();
            out.clear();
            VisiblePage page = view.page(read);
            for (RecordedEvent recorded : page.events()) {
                EventWriter.write(recorded, out);
                out.raw('\n');
            }
            read = read.from(page.covered());
            rights.addAll(page.rights());
            if (page.last() || rights.size() >= RIGHTS_MAX) {
                last = true;
                end(page.last() ? end : page.covered());
            }
            return out.toByteArray();
        }

        /** A slow reader may outlast its key, and an admin the role. */
        @Override
        public void requireStill() {
            if (!isLive.test(exchange.org(), exchange.principal()) || !view.isCurrent()) {
                throw RefusedException.of(ErrorCode.ACCESS_DENIED, "What the reader may see is not what it was.");
            }
        }

        private void end(long position) {
            out.raw('{').name("position").number(position);
            out.name("log").string(head.logId());
            out.name("hash").string(log.hashAt(exchange.org(), position).orElseThrow());
            if (!rights.isEmpty()) {
                PageWriter.writeRights(rights, out.name("rights"));
            }
            out.raw('}').raw('\n');
        }
    }
}

package celeriant.gateway.read;

import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Conditions;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.PulledBody;
import celeriant.log.AggregateState;
import celeriant.log.AggregateSummary;
import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.log.TrimmedException;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import celeriant.model.Register;
import celeriant.wire.JsonBytes;
import celeriant.wire.StateWriter;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalLong;

/**
 * {@code GET …/state}: an aggregate's registers and snapshot, now or as of a version, streamed in the order of keys.
 */
public final class States {
    private static final int PIECE_BYTES = 64 * 1024;

    private final EventLog log;
    private final ReadGuard guard;

    public States(EventLog log, ReadGuard guard) {
        this.log = log;
        this.guard = guard;
    }

    public void handle(Exchange exchange) {
        AggregateId aggregate = exchange.aggregate();
        OptionalLong at = exchange.query().integer("at", 1);
        MergedQuery.Check check = MergedQuery.check(exchange.query());
        exchange.onWorker(() -> {
            Divergence.require(log, exchange.org(), exchange.query().text("log"), check);
            AggregateSummary summary = existing(exchange);
            long version = at.orElse(summary.version());
            if (Conditions.isKnown(exchange, version) && version <= summary.version()) {
                exchange.answer(Answer.empty(304).withETag(version));
                return;
            }
            AggregateState state = at.isPresent()
                    ? stateAt(exchange.org(), aggregate, version)
                    : log.state(exchange.org(), aggregate).orElseThrow(() -> notReached(aggregate, version));
            String logId = log.head(exchange.org()).logId();
            String hash = log.hashAt(exchange.org(), state.position()).orElseThrow();
            Answer head = new Answer(200, Answer.JSON, new byte[0], Map.of()).withETag(state.version());
            exchange.loop().run(() -> PulledBody.send(exchange, head, new Pieces(exchange, state, logId, hash)));
        });
    }

    private AggregateSummary existing(Exchange exchange) {
        try {
            guard.require(exchange);
            return Listings.existing(log, exchange.org(), exchange.aggregate());
        } catch (RefusedException e) {
            throw new RefusedException(told(exchange.org(), e.problem()));
        }
    }

    /** That there is no state is so in this log alone. Its end is asked for behind the look: it covers a deletion. */
    private Problem told(String org, Problem absent) {
        LogHead head = log.head(org);
        return absent.with("position", head.position())
                .with("log", head.logId())
                .with("hash", log.hashAt(org, head.position()).orElseThrow());
    }

    private AggregateState stateAt(String org, AggregateId aggregate, long version) {
        try {
            return log.stateAt(org, aggregate, version).orElseThrow(() -> notReached(aggregate, version));
        } catch (TrimmedException e) {
            throw new RefusedException(AggregateEvents.gone(e.firstVersion()));
        }
    }

    private static RefusedException notReached(AggregateId aggregate, long version) {
        return RefusedException.of(ErrorCode.NOT_FOUND, aggregate + " has no version " + version + ".");
    }

    /** Writes the state as it is taken. Confined to the event loop, but for the look at the right. */
    private final class Pieces implements PulledBody.Source {
        private final Exchange exchange;
        private final AggregateState state;
        private final String logId;
        private final String hash;
        private final JsonBytes out = new JsonBytes(PIECE_BYTES);
        private final StateWriter writer = new StateWriter(out);
        private Iterator<Map.Entry<String, Register>> registers;
        private boolean ended;

        Pieces(Exchange exchange, AggregateState state, String logId, String hash) {
            this.exchange = exchange;
            this.state = state;
            this.logId = logId;
            this.hash = hash;
        }

        @Override
        public void requireStill() {
            guard.requireStill(exchange);
        }

        @Override
        public void next(PulledBody.Sink sink) {
            if (ended) {
                sink.take(null);
                return;
            }
            out.clear();
            if (registers == null) {
                registers = state.registers().entrySet().iterator();
                writer.begin(state.aggregate(), state.version(), state.position(), logId, hash);
            }
            while (registers.hasNext() && out.length() < PIECE_BYTES) {
                Map.Entry<String, Register> entry = registers.next();
                writer.register(entry.getKey(), entry.getValue());
            }
            if (!registers.hasNext()) {
                writer.end(state.snapshot());
                ended = true;
            }
            sink.take(out.toByteArray());
        }
    }
}

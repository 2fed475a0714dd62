package celeriant.client;

import celeriant.client.buffer.AggregateChange;
import celeriant.client.buffer.StoredAggregate;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import celeriant.model.RecordedEvent;
import celeriant.wire.PageReader;
import celeriant.wire.StateReader;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the state of one aggregate and, where they are wanted, its events up to the state's version, page by page; each
 * page is stored before the next is asked for. Confined to the client's thread.
 */
final class HistoryReading {
    private final Core core;
    private final Requests requests;
    private final OpenAggregates all;
    private final OpenAggregate open;
    private final Runnable done;
    private final Consumer<Throwable> failed;
    private AggregateChange change;
    private long after;
    private long historyAfter;

    HistoryReading(
            Core core,
            Requests requests,
            OpenAggregates all,
            OpenAggregate open,
            Runnable done,
            Consumer<Throwable> failed) {
        this.core = core;
        this.requests = requests;
        this.all = all;
        this.open = open;
        this.done = done;
        this.failed = failed;
    }

    /** Begins; {@code asOf} is the position that an aggregate which does not exist is complete up to. */
    void begin(long asOf) {
        core.await(requests.state(open.name()), state -> stateRead(state.orElse(null), asOf), failed);
    }

    private void stateRead(StateReader.State state, long asOf) {
        ConfirmedAggregate confirmed = open.confirmed();
        change = confirmed.replacedBy(state, asOf);
        if (!open.wantsHistory()) {
            finish(change.historyAfter(), List.of());
            return;
        }
        boolean kept = confirmed.historyAfter() != StoredAggregate.NO_HISTORY;
        long known = kept ? confirmed.version() : 0;
        historyAfter = Math.max(0, confirmed.historyAfter());
        after = known <= change.version() ? known : 0;
        next();
    }

    private void next() {
        if (after >= change.version()) {
            finish(historyAfter, List.of());
            return;
        }
        core.await(
                requests.events(open.name(), after, change.version(), ClientLimits.PAGE_EVENTS),
                this::pageRead,
                this::refused);
    }

    private void pageRead(PageReader.Page page) {
        historyAfter = Math.max(historyAfter, page.firstVersion() - 1);
        after = page.next() == null ? change.version() : page.next();
        if (after >= change.version()) {
            finish(historyAfter, page.events());
            return;
        }
        // Until the last page an aggregate keeps its registers and stands at what is there of its events.
        all.replace(new AggregateChange(
                open.name(), after, open.confirmed().position(), false, Map.of(), historyAfter, page.events(), false));
        next();
    }

    /** What is asked for was trimmed: the events begin later. */
    private void refused(Throwable failure) {
        boolean gone = failure instanceof RefusedException refused
                && refused.refusal().code().equals("gone")
                && refused.refusal().fields().get("firstVersion") instanceof Long first
                && first - 1 > after;
        if (!gone) {
            failed.accept(failure);
            return;
        }
        after = (Long) ((RefusedException) failure).refusal().fields().get("firstVersion") - 1;
        historyAfter = after;
        next();
    }

    private void finish(long keptAfter, List<RecordedEvent> events) {
        all.replace(new AggregateChange(
                open.name(),
                change.version(),
                change.position(),
                true,
                change.registers(),
                open.wantsHistory() ? keptAfter : StoredAggregate.NO_HISTORY,
                events,
                false));
        done.run();
    }
}

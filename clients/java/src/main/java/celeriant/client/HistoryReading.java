package celeriant.client;

import celeriant.client.buffer.AggregateChange;
import celeriant.client.buffer.Cursor;
import celeriant.client.buffer.History;
import celeriant.client.gateway.NoAnswerException;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import celeriant.client.gateway.StateAnswer;
import celeriant.model.RecordedEvent;
import celeriant.model.Snapshot;
import celeriant.wire.PageReader;
import celeriant.wire.StateReader;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the state of one aggregate and, where they are wanted, its events up to the state's version, page by page: all
 * of them, or those behind its snapshot. Each page is stored before the next is asked for. All of it is asked for with
 * what is remembered of the log, and what the state tells of it is remembered with what it says: the log may be put
 * back between any two of these. Confined to the client's thread.
 */
final class HistoryReading {
    private static final int NOT_FOUND = 404;

    private final Core core;
    private final Requests requests;
    private final OpenAggregates all;
    private final Agreements agreements;
    private final OpenAggregate open;
    private final Runnable done;
    private final Runnable notTold;
    private final Consumer<Throwable> failed;
    private Cursor seen;
    private AggregateChange change;
    private long after;
    private HistoryWish wish;
    private History keeps = History.NONE;

    /**
     * @param notTold called in the place of the others where a client without a cursor is not told where the log was
     */
    HistoryReading(
            Core core,
            Requests requests,
            OpenAggregates all,
            Agreements agreements,
            OpenAggregate open,
            Runnable done,
            Runnable notTold,
            Consumer<Throwable> failed) {
        this.core = core;
        this.requests = requests;
        this.all = all;
        this.agreements = agreements;
        this.open = open;
        this.done = done;
        this.notTold = notTold;
        this.failed = failed;
    }

    void begin() {
        Cursor agreed = all.cursor();
        core.await(requests.state(open.name(), agreed), answer -> stateRead(agreed, answer), failed);
    }

    private void stateRead(Cursor agreed, StateAnswer answer) {
        if (answer.hash() == null) {
            if (agreed == null) {
                notTold.run();
            } else {
                readUpTo(answer.state());
            }
            return;
        }
        agreements.readingBegins(agreed);
        agreements.agree(() -> {
            if (agreed == null) {
                beginAt(answer);
            } else {
                seen = new Cursor(all.cursor().position(), answer.log(), answer.position(), answer.hash());
                readUpTo(answer.state());
            }
        });
    }

    /**
     * The stream begins where the first state is of: those that are asked for with its hash are of the same log, and no
     * older. What does not exist may have been made since it was looked for: it is looked for again, from behind a
     * cursor.
     */
    private void beginAt(StateAnswer first) {
        all.agree(new Cursor(first.position(), first.log(), first.position(), first.hash()));
        if (first.state() == null) {
            begin();
        } else {
            readUpTo(first.state());
        }
    }

    /** One that does not exist is complete up to the cursor. */
    private void readUpTo(StateReader.State state) {
        ConfirmedAggregate confirmed = open.confirmed();
        change = confirmed.replacedBy(state, all.cursor().position());
        wish = open.wish();
        if (wish == HistoryWish.NONE) {
            finish(History.NONE, List.of());
            return;
        }
        Snapshot snapshot = state == null ? null : state.snapshot();
        History kept = confirmed.keeps();
        long known = kept.isKept() ? confirmed.version() : 0;
        if (known > change.version() || wish == HistoryWish.ALL && kept.tail()) {
            known = 0;
            kept = History.NONE;
        }
        boolean tail = wish == HistoryWish.TAIL && snapshot != null && known < snapshot.version();
        long from = tail ? snapshot.version() : Math.max(0, kept.after());
        keeps = new History(from, tail || kept.tail(), snapshot);
        after = Math.max(known, from);
        next();
    }

    private void next() {
        if (after >= change.version()) {
            finish(keeps, List.of());
            return;
        }
        core.await(
                requests.events(open.name(), after, change.version(), ClientLimits.PAGE_EVENTS, agreement()),
                this::pageRead,
                this::refused);
    }

    private Cursor agreement() {
        return seen == null ? all.cursor() : seen;
    }

    private void pageRead(PageReader.Page page) {
        keeps = keeps.from(page.firstVersion() - 1);
        after = page.next() == null ? change.version() : page.next();
        if (after >= change.version()) {
            finish(keeps, page.events());
            return;
        }
        // Until the last page an aggregate keeps its registers and stands at what is there of its events.
        AggregateChange part = new AggregateChange(
                open.name(), after, open.confirmed().position(), false, Map.of(), keeps, page.events(), false);
        all.replace(part, seen);
        next();
    }

    /** What is asked for was trimmed: the events begin later. */
    private void refused(Throwable failure) {
        boolean gone = failure instanceof RefusedException refused
                && refused.refusal().code().equals("gone")
                && refused.refusal().fields().get("firstVersion") instanceof Long first
                && first - 1 > after;
        if (!gone) {
            boolean isAbsent = failure instanceof RefusedException absent
                    && absent.refusal().status() == NOT_FOUND;
            // It was deleted, or may not be seen any more, since its state was read, which is read again.
            failed.accept(isAbsent ? new NoAnswerException("it went while it was read", failure) : failure);
            return;
        }
        after = (Long) ((RefusedException) failure).refusal().fields().get("firstVersion") - 1;
        keeps = keeps.from(after);
        next();
    }

    private void finish(History kept, List<RecordedEvent> events) {
        AggregateChange whole = new AggregateChange(
                open.name(), change.version(), change.position(), true, change.registers(), kept, events, false);
        all.replace(whole, seen);
        done.run();
    }
}

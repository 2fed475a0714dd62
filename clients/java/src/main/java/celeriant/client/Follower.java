package celeriant.client;

import celeriant.client.buffer.Cursor;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.LogQuery;
import celeriant.client.gateway.NoAnswerException;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import celeriant.client.gateway.StreamMessage;
import celeriant.client.gateway.StreamReader;
import celeriant.client.gateway.World;
import celeriant.model.AggregateId;
import celeriant.wire.PageReader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the merged log for all open aggregates over one subscription: first the state of each that is new, then the
 * stream from the cursor on; where streams do not pass, by long-poll. Each step starts what is to be started next.
 * Confined to the client's thread.
 */
final class Follower {
    private enum Phase {
        IDLE,
        PREPARING,
        FOLLOWING
    }

    private final Core core;
    private final Requests requests;
    private final OpenAggregates open;
    private final Agreements agreements;
    private final World world;
    private final Session session;
    private final Consumer<StreamMessage.Presence> presence;
    private final Consumer<Runnable> diverged;
    private Phase phase = Phase.IDLE;
    private Set<AggregateId> names = Set.of();
    /** Those of them that are complete up to where the stream will begin. */
    private final Set<AggregateId> complete = new HashSet<>();

    /** Rises whenever reading starts over: what a stream before that says is dropped. */
    private long reading;

    private Http.OpenStream stream;
    private StreamReader messages;
    private boolean firstBytesSeen;
    private long silentSinceMillis;
    /** Those that were read up to the head of the log in this reading. */
    private volatile Set<AggregateId> live = Set.of();

    private boolean polling;
    /** When to poll again, if not at once; {@link Long#MAX_VALUE} = not yet. */
    private long pollAtMillis = Long.MAX_VALUE;

    /** When it was found that streams are held back; none were so far. */
    private long pollsSinceMillis = Long.MIN_VALUE / 2;

    /**
     * @param diverged told when the log is another one or lost its end; runs what it is given when that is dealt with
     */
    Follower(
            Core core,
            Requests requests,
            OpenAggregates open,
            Agreements agreements,
            World world,
            Session session,
            Consumer<StreamMessage.Presence> presence,
            Consumer<Runnable> diverged) {
        this.core = core;
        this.requests = requests;
        this.open = open;
        this.agreements = agreements;
        this.world = world;
        this.session = session;
        this.presence = presence;
        this.diverged = diverged;
    }

    /** A session begins, or ended. */
    void reset() {
        reading++;
        live = Set.of();
        agreements.readingEnds();
        phase = Phase.IDLE;
        pollAtMillis = Long.MAX_VALUE;
        if (stream != null) {
            stream.cancel();
            stream = null;
        }
    }

    /** Whether everything that is open was read up to the head of the log. For any thread. */
    boolean isLive() {
        return live.containsAll(open.names()) && open.isRead();
    }

    /** When to step again if nothing happens before; {@link Long#MAX_VALUE} = never. */
    long dueMillis() {
        if (phase != Phase.FOLLOWING || polling) {
            return pollAtMillis;
        }
        return silentSinceMillis
                + (firstBytesSeen ? ClientLimits.STREAM_SILENCE_MILLIS : 2 * ClientLimits.STREAM_FIRST_BYTES_MILLIS);
    }

    void step() {
        if (phase == Phase.FOLLOWING) {
            // Where the clock was put back the silence begins anew: else it would last for as long as that.
            silentSinceMillis = Math.min(silentSinceMillis, world.nowMillis());
            if (pollAtMillis != Long.MAX_VALUE) {
                pollAtMillis = Math.min(pollAtMillis, world.nowMillis() + ClientLimits.POLL_PAUSE_MILLIS);
            }
            if (mustStartOver()) {
                reset();
            } else if (world.nowMillis() >= dueMillis()) {
                late();
                return;
            }
        }
        if (phase == Phase.IDLE && !open.names().isEmpty()) {
            phase = Phase.PREPARING;
            names = open.names();
            readNext();
        }
    }

    private boolean mustStartOver() {
        return !names.containsAll(open.names()) || !open.toRead().isEmpty() || polling != pollsNow();
    }

    private boolean pollsNow() {
        return Math.abs(world.nowMillis() - pollsSinceMillis) < ClientLimits.POLL_FALLBACK_MILLIS;
    }

    private void late() {
        if (polling) {
            poll(ClientLimits.POLL_WAIT_SECONDS);
        } else if (firstBytesSeen) {
            requests.leaveConnections();
            session.failed(new NoAnswerException("the stream is silent"));
        } else {
            heldBack();
        }
    }

    /** A stream was opened and nothing of it came: something on the way holds it back. */
    private void heldBack() {
        pollsSinceMillis = world.nowMillis();
        reset();
        step();
    }

    /** Where the log ends now, for a client that has never read and was not told: states are read behind this. */
    private void beginAtEnd() {
        ask(0, page -> agreeAt(page.position()));
    }

    private void ask(long after, Consumer<PageReader.Page> answer) {
        core.await(requests.log(new LogQuery(after, 1, List.of(), null, 0)), answer, this::refused);
    }

    /** Asked for a second time: an answer tells the hash of the page's end. */
    private void agreeAt(long head) {
        ask(head, page -> {
            long checked = page.next() == null ? page.position() : page.next();
            Cursor cursor = new Cursor(head, page.log(), checked, page.hash());
            agreements.readingBegins(null);
            agreements.agree(() -> {
                open.agree(cursor);
                readNext();
            });
        });
    }

    private void readNext() {
        complete.clear();
        complete.addAll(open.follows());
        complete.retainAll(names);
        List<OpenAggregate> toRead = open.toRead().stream()
                .filter(aggregate -> names.contains(aggregate.name()))
                .toList();
        readAll(toRead, 0);
    }

    private void readAll(List<OpenAggregate> toRead, int next) {
        if (next == toRead.size()) {
            open.follow(complete);
            follow();
            return;
        }
        session.tell(SyncEvent.BEHIND);
        new HistoryReading(
                        core,
                        requests,
                        open,
                        agreements,
                        toRead.get(next),
                        () -> {
                            session.tell(SyncEvent.CONNECTED);
                            complete.add(toRead.get(next).name());
                            readAll(toRead, next + 1);
                        },
                        this::beginAtEnd,
                        this::refused)
                .begin();
    }

    private void follow() {
        phase = Phase.FOLLOWING;
        polling = pollsNow();
        if (polling) {
            poll(0);
            return;
        }
        messages = new StreamReader();
        firstBytesSeen = false;
        silentSinceMillis = world.nowMillis();
        Cursor cursor = open.cursor();
        LogQuery query = new LogQuery(cursor.position(), 0, names, cursor, 0);
        long asked = reading;
        core.await(
                requests.stream(query, new Receiver(asked, cursor), ClientLimits.STREAM_FIRST_BYTES_MILLIS),
                answer -> {},
                failure -> {
                    if (asked == reading) {
                        refused(failure);
                    }
                });
    }

    private void refused(Throwable failure) {
        if (failure instanceof RefusedException refused
                && refused.refusal().code().equals("log-diverged")) {
            reset();
            phase = Phase.PREPARING;
            // In this order: until what was lost is in the queue again, the next session must find out again.
            diverged.accept(() -> {
                open.distrust();
                // A log that says so again at once is asked again after a wait.
                session.failed(failure);
            });
        } else if (failure instanceof NoAnswerException && phase == Phase.FOLLOWING && !polling && isTimeout(failure)) {
            heldBack();
        } else {
            session.failed(failure);
        }
    }

    private static boolean isTimeout(Throwable failure) {
        return String.valueOf(failure.getMessage()).startsWith("no answer within");
    }

    private void take(StreamMessage message) {
        if (message instanceof StreamMessage.Events events) {
            session.heardOf(events.position());
            open.advance(events.events(), events.position());
        } else if (message instanceof StreamMessage.Moved moved) {
            session.heardOf(moved.position());
            open.advance(List.of(), moved.position());
        } else if (message instanceof StreamMessage.CaughtUp caughtUp) {
            agree(caughtUp.position(), caughtUp.log(), caughtUp.hash());
            live = names;
            session.tell(SyncEvent.CAUGHT_UP);
            session.heardOf(caughtUp.position());
        } else if (message instanceof StreamMessage.Agreed agreed) {
            agree(agreed.position(), agreed.log(), agreed.hash());
        } else if (message instanceof StreamMessage.Granted granted) {
            open.granted(granted.aggregate(), granted.position());
            session.notice(new Notice.Granted(granted.aggregate()));
        } else if (message instanceof StreamMessage.Revoked revoked) {
            open.forget(revoked.aggregate(), revoked.position());
            session.notice(new Notice.Revoked(revoked.aggregate()));
        } else if (message instanceof StreamMessage.Presence present) {
            presence.accept(present);
        } else if (message instanceof StreamMessage.Closing) {
            session.failed(null);
        }
    }

    private void agree(long position, String log, String hash) {
        if (position > open.cursor().position()) {
            open.advance(List.of(), position);
        }
        agreements.agree(() -> open.agree(new Cursor(position, log, position, hash)));
    }

    private void poll(int waitSeconds) {
        pollAtMillis = Long.MAX_VALUE;
        Cursor cursor = open.cursor();
        long asked = reading;
        LogQuery query = new LogQuery(cursor.position(), ClientLimits.PAGE_EVENTS, names, cursor, waitSeconds);
        core.await(
                requests.log(query),
                page -> {
                    if (asked != reading) {
                        return;
                    }
                    session.tell(SyncEvent.CONNECTED);
                    agreements.readingBegins(cursor);
                    PageMessages.of(page).forEach(this::take);
                    if (asked == reading && !mustStartOver()) {
                        pollOn(page, cursor.position());
                    }
                },
                failure -> {
                    if (asked == reading) {
                        refused(failure);
                    }
                });
    }

    /** Something on the way may answer at once what was to wait: one that brought nothing is followed by a pause. */
    private void pollOn(PageReader.Page page, long before) {
        if (page.next() == null && page.position() == before) {
            pollAtMillis = world.nowMillis() + ClientLimits.POLL_PAUSE_MILLIS;
        } else {
            poll(page.next() == null ? ClientLimits.POLL_WAIT_SECONDS : 0);
        }
    }

    /** Brings what a stream says to the client's thread. */
    private final class Receiver implements Http.StreamReceiver {
        private final long asked;
        private final Cursor agreed;
        private Http.OpenStream mine;

        Receiver(long asked, Cursor agreed) {
            this.asked = asked;
            this.agreed = agreed;
        }

        @Override
        public void opened(Http.OpenStream opened) {
            core.post(() -> {
                mine = opened;
                if (asked == reading) {
                    stream = opened;
                } else {
                    opened.cancel();
                }
            });
        }

        @Override
        public void bytes(byte[] bytes) {
            core.post(() -> {
                if (asked != reading) {
                    return;
                }
                if (!firstBytesSeen) {
                    firstBytesSeen = true;
                    agreements.readingBegins(agreed);
                    session.tell(SyncEvent.CONNECTED);
                }
                silentSinceMillis = world.nowMillis();
                takeAll(bytes);
                mine.next();
            });
        }

        private void takeAll(byte[] bytes) {
            try {
                for (StreamMessage message : messages.push(bytes)) {
                    if (asked == reading) {
                        take(message);
                    }
                }
            } catch (NoAnswerException e) {
                session.failed(e);
            }
        }

        @Override
        public void ended(Throwable failure) {
            core.post(() -> {
                if (asked == reading) {
                    session.failed(failure == null ? null : new NoAnswerException("the stream was cut", failure));
                }
            });
        }
    }
}

package celeriant.client;

import celeriant.client.buffer.Confirmation;
import celeriant.client.gateway.NoAnswerException;
import celeriant.client.gateway.PushAnswer;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import celeriant.client.gateway.World;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import celeriant.model.Projection;
import celeriant.model.RecordedEvent;
import celeriant.wire.PageReader;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Pattern A: appends that go directly to the log, with no buffer between, on the condition that aggregates are at the
 * versions that the caller decided on. Any thread; the blocking forms suit virtual threads.
 * {@snippet file="celeriant/client/SnippetsTest.java" region="expected"}
 */
public final class Online {
    private static final int ATTEMPTS_MAX = 20;

    private final Requests requests;
    private final World world;

    Online(Requests requests, World world) {
        this.requests = requests;
        this.world = world;
    }

    /**
     * Appends if all aggregates are at these versions. Fails with {@link RefusedException}, whose code is
     * {@code version-conflict} when one has moved on, or with {@link NoAnswerException}: then nobody knows, and only
     * the same id may be sent again.
     *
     * @param id names the append: sent again it lands once
     * @param expected empty = unconditional, which the gateway takes from backends alone
     */
    public CompletionStage<Confirmation> append(
            UUID id, List<Event> events, Map<AggregateId, ExpectedVersion> expected) {
        Append append = Append.online(id, CheckedEvents.of(events), expected);
        return requests.appendOnline(append).thenCompose(Online::confirmationOf);
    }

    /** The same with a new id, blocking; an answer that does not come is asked for again. */
    public Confirmation append(List<Event> events, Map<AggregateId, ExpectedVersion> expected)
            throws RefusedException, NoAnswerException, InterruptedException {
        UUID id = world.newId();
        for (int attempt = 1; ; attempt++) {
            try {
                return await(append(id, events, expected));
            } catch (NoAnswerException e) {
                if (attempt == ATTEMPTS_MAX) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    /**
     * Reads an aggregate, lets {@code decision} look at its state, and appends what it says if the aggregate has not
     * moved on in between; else reads and decides again. An empty decision appends nothing and gives null.
     * {@snippet file="celeriant/client/SnippetsTest.java" region="decide"}
     *
     * @throws RefusedException {@code version-conflict} only if it moved on again and again
     */
    public <S> Confirmation decide(AggregateId aggregate, Projection<S> projection, Function<S, List<Event>> decision)
            throws RefusedException, NoAnswerException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            S state = projection.initial();
            long version = 0;
            for (long after = 0; ; ) {
                PageReader.Page page =
                        await(requests.events(aggregate, after, Long.MAX_VALUE, ClientLimits.PAGE_EVENTS, null));
                for (RecordedEvent recorded : page.events()) {
                    state = projection.apply(state, recorded);
                }
                version = page.version();
                if (page.next() == null) {
                    break;
                }
                after = page.next();
            }
            List<Event> events = decision.apply(state);
            if (events.isEmpty()) {
                return null;
            }
            try {
                return append(events, Map.of(aggregate, ExpectedVersion.of(version)));
            } catch (RefusedException e) {
                if (!e.refusal().code().equals("version-conflict") || attempt == ATTEMPTS_MAX) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    private void pause(int attempt) throws InterruptedException {
        long longest = Math.min(ClientLimits.BACKOFF_MAX_MILLIS, 10L << attempt);
        TimeUnit.MILLISECONDS.sleep((long) (longest * world.random()));
    }

    private static CompletionStage<Confirmation> confirmationOf(PushAnswer.Outcome outcome) {
        return outcome.confirmation() != null
                ? CompletableFuture.completedFuture(outcome.confirmation())
                : CompletableFuture.failedFuture(new RefusedException(outcome.refusal(), 0));
    }

    private static <T> T await(CompletionStage<T> stage)
            throws RefusedException, NoAnswerException, InterruptedException {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = Requests.causeOf(e.getCause());
            if (cause instanceof RefusedException refused) {
                throw refused;
            }
            if (cause instanceof NoAnswerException noAnswer) {
                throw noAnswer;
            }
            throw new IllegalStateException(cause);
        }
    }
}

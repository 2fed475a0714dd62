package celeriant.gateway.access;

import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.EventLog;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes a change of one of the system's own aggregates (access, members, schemas): decide on what was read, append on
 * the condition that it is still so, else read and decide again. Changes of one aggregate through this gateway take
 * turns, so that a rush on one share does not conflict with itself; the condition is what makes it safe. Blocks; every
 * wait ends within {@link #WAIT_MAX}.
 */
public final class SystemAppender {
    static final Duration WAIT_MAX = Duration.ofSeconds(20);

    private static final int ATTEMPTS_MAX = 50;
    private static final int STRIPES = 256;

    private final EventLog log;
    private final InstantSource clock;
    private final Supplier<UUID> ids;
    private final ReentrantLock[] turns = new ReentrantLock[STRIPES];

    /**
     * What to append if the aggregate is still at {@code version}; no events: nothing to do.
     *
     * @param takesAway whether it takes rights away and gives none
     */
    public record Change(long version, List<Event> events, boolean takesAway) {
        public Change(long version, List<Event> events) {
            this(version, events, false);
        }
    }

    public SystemAppender(EventLog log, InstantSource clock, Supplier<UUID> ids) {
        this.log = log;
        this.clock = clock;
        this.ids = ids;
        for (int i = 0; i < STRIPES; i++) {
            turns[i] = new ReentrantLock();
        }
    }

    Instant now() {
        return clock.instant();
    }

    /** Makes the change that {@code decide} works out from what it reads, each time anew. */
    public void change(String org, Principal principal, AggregateId access, Supplier<Change> decide) {
        ReentrantLock turn = turns[Math.floorMod(31 * org.hashCode() + access.hashCode(), STRIPES)];
        try {
            if (!turn.tryLock(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
            try {
                for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
                    if (isMade(org, principal, access, decide.get())) {
                        return;
                    }
                }
            } finally {
                turn.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw busy();
    }

    private static RefusedException busy() {
        return RefusedException.of(ErrorCode.BUSY, "Too many changes of this access at once; try again.");
    }

    private boolean isMade(String org, Principal principal, AggregateId access, Change change)
            throws InterruptedException {
        if (change.events().isEmpty()) {
            return true;
        }
        Append append = Append.online(ids.get(), change.events(), Map.of(access, ExpectedVersion.of(change.version())));
        AppendRequest request = new AppendRequest(
                org,
                principal.client(),
                null,
                List.of(append),
                new AccessControl.SystemChange(principal, change.takesAway()));
        return switch (await(request)) {
            case AppendOutcome.Refused refused -> throw new RefusedException(refused.problem());
            case AppendOutcome.Settled settled ->
                switch (settled.results().get(0)) {
                    case AppendResult.Appended appended -> true;
                    case AppendResult.Duplicate duplicate -> true;
                    case AppendResult.Conflict conflict -> false;
                    case AppendResult.Rejected rejected -> throw new RefusedException(rejected.problem());
                };
        };
    }

    private AppendOutcome await(AppendRequest request) throws InterruptedException {
        try {
            return log.append(request).toCompletableFuture().get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new RefusedException(Problem.of(
                    ErrorCode.OUTCOME_UNKNOWN, "The log has not answered; look whether the change was made."));
        }
    }
}

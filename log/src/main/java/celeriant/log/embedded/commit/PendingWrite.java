package celeriant.log.embedded.commit;

import celeriant.log.sequencer.Decision;
import celeriant.log.sequencer.Overlay;
import celeriant.model.Problem;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A write that waits for the writer thread.
 *
 * @param payloadBytes what it holds in memory, about
 * @param makesRoom whether it is for making room on the disk, or takes none, and so is taken although there is little
 * @param offeredNanos when it was offered, by the clock of {@link Meters}
 * @param refuse how a refusal of this kind of write looks
 */
public record PendingWrite<T>(
        Decider<T> decider,
        Function<Problem, ? extends T> refuse,
        long payloadBytes,
        boolean makesRoom,
        long offeredNanos,
        CompletableFuture<T> answer) {
    /** Asks the sequencer. */
    public interface Decider<T> {
        Decision<T> decide(Overlay view, long nowMillis);
    }

    void completeRefused(Problem problem) {
        answer.complete(refuse.apply(problem));
    }
}

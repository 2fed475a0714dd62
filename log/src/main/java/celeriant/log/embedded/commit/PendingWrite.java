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
 * @param room what it takes of the disk
 * @param offeredNanos when it was offered, by the clock of {@link Meters}
 * @param refuse how a refusal of this kind of write looks
 */
public record PendingWrite<T>(
        Decider<T> decider,
        Function<Problem, ? extends T> refuse,
        long payloadBytes,
        Room room,
        long offeredNanos,
        CompletableFuture<T> answer) {
    /** What a write takes of the disk, and so when it is refused. */
    public enum Room {
        /** Refused when there is little. */
        TAKES,
        /** Small, and cannot wait: taken then, too, from what is kept for it. */
        TAKES_OF_RESERVE,
        /** Makes room, or takes none: always taken. */
        MAKES
    }

    /** Asks the sequencer. */
    public interface Decider<T> {
        Decision<T> decide(Overlay view, long nowMillis);
    }

    void completeRefused(Problem problem) {
        answer.complete(refuse.apply(problem));
    }
}

package celeriant.log;

import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.Problem;
import celeriant.model.Register;
import java.util.List;
import java.util.Optional;

/**
 * What must be asked before an append is settled: may this caller do this, does it conform. Called on the writer's
 * thread in the order of the log, so a right that was taken away one append earlier is gone here. Must be quick, must
 * not block, and must decide from what it is given: the same request on the same view gets the same verdict.
 */
public interface Admission {
    /** Lets everything through. */
    Admission OPEN = (request, append, view) -> Verdict.ADMITTED;

    /** The verdict on one append, which is not settled yet and has no fault of its own. */
    Verdict admit(AppendRequest request, Append append, View view);

    /** What is asked of an aggregate beside an append. */
    enum Action {
        /** Drop events below a version. */
        TRIM,
        /** Delete it. */
        DELETE,
        /** Store a snapshot of a version that none is stored of. */
        PUBLISH,
        /** Put another snapshot in the place of the one of the same version. */
        REPLACE
    }

    /**
     * Why a caller may not do this with an aggregate of an org; empty if it may. Asked like {@link #admit}, in the
     * order of the log; a repeat that was done already is not asked about again.
     */
    default Optional<Problem> refusal(Action action, String org, AggregateId aggregate, Caller caller, View view) {
        return Optional.empty();
    }

    /** The log as it will be when everything decided so far is durable. */
    interface View {
        /** An aggregate's version, 0 if it never existed. */
        long version(AggregateId aggregate);

        /** Whether it exists: created and not deleted since. */
        boolean exists(AggregateId aggregate);

        /** The current value of one register of one aggregate of the request's org. */
        Optional<Register> register(AggregateId aggregate, String key);
    }

    /** May it land, and what must be recorded with it. */
    sealed interface Verdict {
        Verdict ADMITTED = new Admitted(List.of());
    }

    /**
     * It may land; {@code systemEvents} are recorded behind its own in the same append (who creates an aggregate owns
     * it), outside the positions and versions that the client is answered.
     */
    record Admitted(List<Event> systemEvents) implements Verdict {}

    /** It may not: with a sequence it is settled as rejected, for good. */
    record Denied(Problem problem) implements Verdict {}
}

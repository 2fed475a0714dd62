package celeriant.log;

import celeriant.model.AppendResult;
import celeriant.model.ClientHead;
import celeriant.model.Problem;
import java.util.List;

/** What came of an {@link AppendRequest}. */
public sealed interface AppendOutcome {
    /**
     * Every append has its verdict, durably.
     *
     * @param head the client's head after them; null for a client that the log has not seen
     */
    record Settled(List<AppendResult> results, ClientHead head) implements AppendOutcome {}

    /** Nothing was settled: {@code sequence-gap}, {@code client-forked} or {@code busy}. */
    record Refused(Problem problem) implements AppendOutcome {}
}

package celeriant.wire;

import celeriant.model.Problem;
import java.util.Objects;

/** A body that is refused as a whole, with the problem to answer; nothing of it counts. Carries no stack trace. */
public final class BadBodyException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public BadBodyException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = Objects.requireNonNull(problem, "problem");
    }

    /** What to answer. */
    public Problem problem() {
        return problem;
    }
}

package celeriant.client;

import celeriant.model.Problem;

/** An append that no log could take: a mistake of the program, told where it is made. Nothing of it was kept. */
public final class InvalidAppendException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    InvalidAppendException(Problem problem) {
        super(problem.fields().get("pointer") + ": " + problem.detail());
        this.problem = problem;
    }

    /** What the gateway would have answered; its pointer goes into the append. */
    public Problem problem() {
        return problem;
    }
}

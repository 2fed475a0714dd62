package celeriant.wire;

import celeriant.model.Problem;

/** A fault inside one append's own events: that append is rejected with it, the others go on. No stack trace. */
final class EventFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    EventFault(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    static EventFault badRequest(String pointer, String detail) {
        return new EventFault(Problem.badRequest(pointer, detail));
    }

    static EventFault tooLarge(String pointer, String detail, long limit, String unit) {
        return new EventFault(Problem.tooLarge(pointer, detail, limit, unit));
    }

    Problem problem() {
        return problem;
    }
}

package celeriant.gateway.access;

import celeriant.model.ErrorCode;
import celeriant.model.Problem;

/** A request about access that cannot be done, as the problem that the caller is answered. Nothing was changed. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public RefusedException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public static RefusedException of(ErrorCode code, String detail) {
        return new RefusedException(Problem.of(code, detail));
    }

    public static RefusedException badRequest(String pointer, String detail) {
        return new RefusedException(Problem.badRequest(pointer, detail));
    }

    public Problem problem() {
        return problem;
    }
}

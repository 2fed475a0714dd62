package celeriant.gateway.net;

import celeriant.model.ErrorCode;
import celeriant.model.Problem;

/**
 * What came is no request, or none that can be told apart from the next one; the connection is of no more use. Without
 * a stack trace: anybody may send anything.
 */
final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    MalformedException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    static MalformedException of(String detail) {
        return new MalformedException(Problem.of(ErrorCode.BAD_REQUEST, detail));
    }

    static MalformedException tooLarge(String what, int bytesMax) {
        return new MalformedException(Problem.of(ErrorCode.TOO_LARGE, what + " has at most " + bytesMax + " bytes.")
                .with("limit", (long) bytesMax)
                .with("unit", "bytes"));
    }

    Problem problem() {
        return problem;
    }
}

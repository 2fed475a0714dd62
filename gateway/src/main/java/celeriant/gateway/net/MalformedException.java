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
        return tooLarge(bytesMax, what + " has at most " + bytesMax + " bytes.");
    }

    /** An address that is too long: what makes it so is a filter. */
    static MalformedException tooLong(int bytesMax) {
        return tooLarge(
                bytesMax,
                "The request's first line has at most " + bytesMax + " bytes: ask for fewer names at once, or follow"
                        + " them by POST /v1/{org}/subscriptions, whose filter is in the body.");
    }

    private static MalformedException tooLarge(int bytesMax, String detail) {
        return new MalformedException(Problem.of(ErrorCode.TOO_LARGE, detail)
                .with("limit", (long) bytesMax)
                .with("unit", "bytes"));
    }

    Problem problem() {
        return problem;
    }
}

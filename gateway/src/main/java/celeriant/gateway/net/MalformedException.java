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
        return tooLarge(bytesMax, "bytes", what + " has at most " + bytesMax + " bytes.");
    }

    static MalformedException tooManyLines(int linesMax) {
        return tooLarge(linesMax, "lines", "The header has at most " + linesMax + " lines.");
    }

    /** An address that is too long: what makes it so is a filter. */
    static MalformedException tooLong(int bytesMax) {
        return tooLarge(
                bytesMax,
                "bytes",
                "The request's first line has at most " + bytesMax + " bytes: ask for fewer names at once, or follow"
                        + " them by POST /v1/{org}/subscriptions, whose filter is in the body.");
    }

    private static MalformedException tooLarge(int max, String unit, String detail) {
        return new MalformedException(Problem.of(ErrorCode.TOO_LARGE, detail)
                .with("limit", (long) max)
                .with("unit", unit));
    }

    Problem problem() {
        return problem;
    }
}

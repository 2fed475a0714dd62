package celeriant.gateway.read;

import celeriant.gateway.access.RefusedException;
import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;

/**
 * Whether what a reader remembers of the log agrees with the log: its id, a hash, and that it is as long as the reader
 * has read. If not, the server was restored from an older state. Reads the log: on a worker.
 */
public final class Divergence {
    private Divergence() {}

    /** Refuses a reader of the merged log with {@code log-diverged}. */
    public static void require(EventLog log, String org, MergedQuery query) {
        LogHead head = require(log, org, query.log(), query.check());
        if (query.after() > head.position()) {
            throw diverged("The log ends at " + head.position() + ", before " + query.after() + ".", head);
        }
    }

    /**
     * Refuses a reader of one aggregate with {@code log-diverged}.
     *
     * @param logId null or empty: not remembered
     * @param check null: not remembered
     * @return where the log ended
     */
    static LogHead require(EventLog log, String org, String logId, MergedQuery.Check check) {
        LogHead head = log.head(org);
        if (logId != null && !logId.isEmpty() && !logId.equals(head.logId())) {
            throw diverged("This is another log than the one that was read.", head);
        }
        if (check != null
                && !log.hashAt(org, check.position())
                        .filter(check.hash()::equals)
                        .isPresent()) {
            throw diverged("The log has another history up to " + check.position() + ".", head);
        }
        return head;
    }

    private static RefusedException diverged(String detail, LogHead head) {
        return new RefusedException(Problem.of(ErrorCode.LOG_DIVERGED, detail)
                .with("position", head.position())
                .with("log", head.logId()));
    }
}

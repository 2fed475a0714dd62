package celeriant.log.sequencer;

import celeriant.log.SnapshotOutcome;
import celeriant.log.SnapshotRequest;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;

/** Decides whether a published snapshot is stored: it may not go back, nor run ahead of the aggregate. */
final class SnapshotDecider {
    private SnapshotDecider() {}

    static Decision<SnapshotOutcome> decide(Overlay view, SnapshotRequest request, long nowMillis) {
        AggregateHead head = view.aggregateHead(request.org(), request.aggregate());
        Problem problem = refusal(request, head);
        if (problem != null) {
            return Decision.answer(new SnapshotOutcome.Refused(problem));
        }
        SnapshotRecord record = new SnapshotRecord(
                request.org(),
                request.aggregate(),
                request.version(),
                request.contentType(),
                request.data(),
                nowMillis);
        view.apply(record);
        return Decision.record(record, new SnapshotOutcome.Stored(head.snapshotVersion() > 0));
    }

    private static Problem refusal(SnapshotRequest request, AggregateHead head) {
        if (!head.exists()) {
            return Problem.of(ErrorCode.NOT_FOUND, request.aggregate() + " does not exist");
        }
        if (request.version() < 1 || request.version() > head.version()) {
            return Problem.of(
                            ErrorCode.BAD_REQUEST,
                            "a snapshot's version is 1 to " + head.version() + ", the aggregate's, not "
                                    + request.version())
                    .with("parameter", "version");
        }
        boolean replaces = request.version() == head.snapshotVersion();
        if (request.version() < head.snapshotVersion() || replaces && !request.replaceSame()) {
            return Problem.of(ErrorCode.VERSION_CONFLICT, "the stored snapshot is of version " + head.snapshotVersion())
                    .with("aggregate", request.aggregate().toString())
                    .with("expected", request.version())
                    .with("actual", head.snapshotVersion());
        }
        return null;
    }
}

package celeriant.log.sequencer;

import celeriant.log.Admission;
import celeriant.log.SnapshotOutcome;
import celeriant.log.SnapshotRequest;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;

/**
 * Decides whether a published snapshot is stored: it may not go back, nor run ahead of the aggregate, nor be of what a
 * trim or a deletion took away. Confined to the writer's thread.
 */
final class SnapshotDecider {
    private final Admission admission;

    SnapshotDecider(Admission admission) {
        this.admission = admission;
    }

    Decision<SnapshotOutcome> decide(Overlay view, SnapshotRequest request, long nowMillis) {
        AggregateHead head = view.aggregateHead(request.org(), request.aggregate());
        Problem denied = denied(view, request, Admission.Action.PUBLISH);
        Problem problem = denied != null ? denied : refusal(view, request, head);
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

    private Problem denied(Overlay view, SnapshotRequest request, Admission.Action action) {
        return admission
                .refusal(action, request.org(), request.aggregate(), request.caller(), new OrgView(view, request.org()))
                .orElse(null);
    }

    private Problem refusal(Overlay view, SnapshotRequest request, AggregateHead head) {
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
        if (request.version() < head.snapshotVersionMin()) {
            return Problem.of(ErrorCode.GONE, "what version " + request.version() + " was made of is gone")
                    .with("firstVersion", head.firstVersion());
        }
        if (!request.expected().matches(head.snapshotVersion(), head.snapshotVersion() > 0)) {
            return conflict(request, request.expected().number(), head);
        }
        boolean replaces = request.version() == head.snapshotVersion();
        boolean mayReplace =
                replaces && request.replaceSame() && denied(view, request, Admission.Action.REPLACE) == null;
        if (request.version() < head.snapshotVersion() || replaces && !mayReplace) {
            return conflict(request, request.version(), head);
        }
        return null;
    }

    private static Problem conflict(SnapshotRequest request, long expected, AggregateHead head) {
        String stored = head.snapshotVersion() == 0
                ? "there is no snapshot"
                : "the stored snapshot is of version " + head.snapshotVersion();
        return Problem.of(ErrorCode.VERSION_CONFLICT, stored)
                .with("aggregate", request.aggregate().toString())
                .with("expected", expected)
                .with("actual", head.snapshotVersion());
    }
}

package celeriant.log.sequencer;

import celeriant.log.Admission;
import celeriant.log.Caller;
import celeriant.log.DeleteRequest;
import celeriant.log.DiscardOutcome;
import celeriant.log.TrimRequest;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** Decides trims and deletes, which are recorded as {@link Tombstone}s. Confined to the writer's thread. */
final class DiscardDecider {
    private final Admission admission;
    private final RecordFactory records;

    DiscardDecider(Admission admission, RecordFactory records) {
        this.admission = admission;
        this.records = records;
    }

    Decision<DiscardOutcome> decide(Overlay view, TrimRequest request, long nowMillis) {
        Decision<DiscardOutcome> repeat = repeat(
                view,
                request.org(),
                request.client(),
                request.id(),
                request.aggregate(),
                earlier -> earlier instanceof Tombstone.Trimmed trimmed && trimmed.firstVersion() == request.before());
        if (repeat != null) {
            return repeat;
        }
        AggregateHead head = view.aggregateHead(request.org(), request.aggregate());
        Problem problem = refusal(
                view, Admission.Action.TRIM, request.org(), request.aggregate(), request.expected(), request.caller());
        if (problem != null) {
            return refuse(problem);
        }
        if (request.before() < 1 || request.before() > head.version() + 1) {
            return refuse(Problem.badRequest(
                    "/before",
                    "before is 1 to " + (head.version() + 1) + " (the version after the latest), not "
                            + request.before()));
        }
        if (request.before() <= head.firstVersion()) {
            long position = view.orgHead(request.org()).position();
            return Decision.answer(new DiscardOutcome.Discarded(head.version(), position));
        }
        boolean losesKeyless =
                view.hasKeyless(request.org(), request.aggregate(), head.snapshotVersion(), request.before());
        if (losesKeyless && !request.force()) {
            return refuse(keyless(request));
        }
        Tombstone tombstone = new Tombstone.Trimmed(request.before(), !losesKeyless || head.snapshotVersion() == 0);
        return record(view, request.org(), request.client(), request.id(), request.aggregate(), tombstone, nowMillis);
    }

    Decision<DiscardOutcome> decide(Overlay view, DeleteRequest request, long nowMillis) {
        Tombstone tombstone = new Tombstone.Deleted(request.recreate());
        Decision<DiscardOutcome> repeat =
                repeat(view, request.org(), request.client(), request.id(), request.aggregate(), tombstone::equals);
        if (repeat != null) {
            return repeat;
        }
        Problem problem = refusal(
                view,
                Admission.Action.DELETE,
                request.org(),
                request.aggregate(),
                request.expected(),
                request.caller());
        if (problem != null) {
            return refuse(problem);
        }
        return record(view, request.org(), request.client(), request.id(), request.aggregate(), tombstone, nowMillis);
    }

    /** What both are refused for: a right that is missing, an aggregate that is not there, a version that moved. */
    private Problem refusal(
            Overlay view,
            Admission.Action action,
            String org,
            AggregateId aggregate,
            ExpectedVersion expected,
            Caller caller) {
        Optional<Problem> denied = admission.refusal(action, org, aggregate, caller, new OrgView(view, org));
        if (denied.isPresent()) {
            return denied.get();
        }
        AggregateHead head = view.aggregateHead(org, aggregate);
        if (!head.exists()) {
            return notFound(aggregate);
        }
        return expected.matches(head.version(), true) ? null : conflict(aggregate, expected, head.version());
    }

    private static Decision<DiscardOutcome> repeat(
            Overlay view, String org, ClientId client, UUID id, AggregateId aggregate, Predicate<Tombstone> isTheSame) {
        SettledAppend.Recorded earlier = id == null ? null : view.recordedById(org, client, id);
        if (earlier == null) {
            return null;
        }
        Long version = earlier.versions().get(aggregate);
        return version == null || !isTheSame.test(earlier.tombstone())
                ? refuse(RequestCheck.usedId(id))
                : Decision.answer(new DiscardOutcome.Discarded(version, earlier.lastPosition()));
    }

    private Decision<DiscardOutcome> record(
            Overlay view,
            String org,
            ClientId client,
            UUID id,
            AggregateId aggregate,
            Tombstone tombstone,
            long nowMillis) {
        UUID appendId = id == null ? records.nextId() : id;
        AppendRecord record =
                records.append(view, org, client, appendId, 0, List.of(tombstone.on(aggregate)), List.of(), nowMillis);
        view.apply(record);
        long version = record.events().get(0).version();
        return Decision.record(record, new DiscardOutcome.Discarded(version, record.lastPosition()));
    }

    private static Decision<DiscardOutcome> refuse(Problem problem) {
        return Decision.answer(new DiscardOutcome.Refused(problem));
    }

    private static Problem notFound(AggregateId aggregate) {
        return Problem.of(ErrorCode.NOT_FOUND, aggregate + " does not exist");
    }

    private static Problem keyless(TrimRequest request) {
        return Problem.of(
                ErrorCode.KEYLESS_EVENTS,
                "below version " + request.before() + " are events without a key that no snapshot covers: publish a"
                        + " snapshot of version " + (request.before() - 1) + " or later, or trim with force");
    }

    private static Problem conflict(AggregateId aggregate, ExpectedVersion wanted, long actual) {
        long expected = wanted instanceof ExpectedVersion.Exactly exactly ? exactly.version() : 0;
        return Problem.of(ErrorCode.VERSION_CONFLICT, aggregate + " is at version " + actual)
                .with("aggregate", aggregate.toString())
                .with("expected", expected)
                .with("actual", actual);
    }
}

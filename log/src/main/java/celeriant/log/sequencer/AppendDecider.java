package celeriant.log.sequencer;

import celeriant.log.Admission;
import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.OutcomeUnknownException;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ClientHead;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The order of the checks on an append request (PROTOCOL, "Append, the general form"): as a whole {@code after}, gap
 * and fork; then, append by append, already settled, own faults, rights, {@code gone}, {@code expected}. Nothing is
 * recorded before the whole request has passed the first part. Confined to the writer's thread.
 */
final class AppendDecider {
    private final Admission admission;
    private final RecordFactory records;

    AppendDecider(Admission admission, RecordFactory records) {
        this.admission = admission;
        this.records = records;
    }

    Decision<AppendOutcome> decide(Overlay view, AppendRequest request, long nowMillis) {
        Problem whole = RequestCheck.refusal(view, request);
        if (whole != null) {
            return Decision.answer(new AppendOutcome.Refused(whole));
        }
        List<LogRecord> decided = new ArrayList<>(request.appends().size());
        List<AppendResult> results = new ArrayList<>(request.appends().size());
        try {
            for (Append append : request.appends()) {
                results.add(settle(view, request, append, nowMillis, decided));
            }
        } catch (RuntimeException e) {
            // What was decided before it stands and will be durable, so the answer to the whole is "send it again".
            return new Decision<>(
                    decided, null, new OutcomeUnknownException("an append could not be decided: " + e, e));
        }
        ClientHead head = view.clientHead(request.org(), request.client());
        return new Decision<>(decided, new AppendOutcome.Settled(List.copyOf(results), head), null);
    }

    private AppendResult settle(
            Overlay view, AppendRequest request, Append append, long nowMillis, List<LogRecord> decided) {
        SettledAppend earlier = earlier(view, request, append);
        if (earlier != null) {
            return isOfAnother(earlier, append)
                    ? new AppendResult.Rejected(append.id(), 0, RequestCheck.usedId(append.id()))
                    : earlier.again();
        }
        Problem fault = append.fault() != null ? append.fault() : tombstoneFault(append.events());
        if (fault != null) {
            return reject(view, request, append, fault, nowMillis, decided);
        }
        return switch (admit(view, request, append)) {
            case Admission.Denied denied -> reject(view, request, append, denied.problem(), nowMillis, decided);
            case Admission.Admitted admitted -> {
                Problem gone = goneFault(view, request.org(), append.events());
                if (gone != null) {
                    yield reject(view, request, append, gone, nowMillis, decided);
                }
                AppendResult conflict = conflict(view, request.org(), append);
                yield conflict != null
                        ? conflict
                        : record(view, request, append, admitted.systemEvents(), nowMillis, decided);
            }
        };
    }

    /** An admission that runs out of stack is a fault of this append, not of the log: nothing was applied yet. */
    private Admission.Verdict admit(Overlay view, AppendRequest request, Append append) {
        try {
            return admission.admit(request, append, new OrgView(view, request.org()));
        } catch (StackOverflowError e) {
            throw new IllegalStateException("the admission ran out of stack", e);
        }
    }

    private static SettledAppend earlier(Overlay view, AppendRequest request, Append append) {
        if (append.sequence() == 0) {
            return request.idsAreNew() ? null : view.recordedById(request.org(), request.client(), append.id());
        }
        ClientHead head = view.clientHead(request.org(), request.client());
        boolean isNew = head == null || append.sequence() > head.sequence();
        return isNew ? null : view.settled(request.org(), request.client(), append.sequence());
    }

    /** Of what is at fault now nothing can be told: it may be the same, held to other limits. */
    private static boolean isOfAnother(SettledAppend earlier, Append append) {
        return append.sequence() == 0
                && append.fault() == null
                && earlier instanceof SettledAppend.Recorded recorded
                && !recorded.mayBeOf(append.events());
    }

    private static Problem tombstoneFault(List<Event> events) {
        for (int i = 0; i < events.size(); i++) {
            if (Tombstone.isTombstone(events.get(i).type())) {
                return Problem.badRequest(
                        "/events/" + i + "/type", events.get(i).type() + " is recorded by trim and delete alone");
            }
        }
        return null;
    }

    private static Problem goneFault(Overlay view, String org, List<Event> events) {
        AggregateId before = null;
        for (int i = 0; i < events.size(); i++) {
            AggregateId aggregate = events.get(i).aggregate();
            if (aggregate.equals(before)) {
                continue;
            }
            before = aggregate;
            AggregateHead head = view.aggregateHead(org, aggregate);
            if (!head.exists() && !head.recreatable()) {
                return Problem.of(ErrorCode.GONE, aggregate + " was deleted, and its name may not be used again")
                        .with("pointer", "/events/" + i + "/aggregate");
            }
        }
        return null;
    }

    private static AppendResult conflict(Overlay view, String org, Append append) {
        if (append.expected().isEmpty()) {
            return null;
        }
        // Sorted, so that the same append on the same view names the same aggregate.
        for (Map.Entry<AggregateId, ExpectedVersion> entry : new TreeMap<>(append.expected()).entrySet()) {
            AggregateHead head = view.aggregateHead(org, entry.getKey());
            if (!entry.getValue().matches(head.version(), head.exists())) {
                long expected = entry.getValue() instanceof ExpectedVersion.Exactly exactly ? exactly.version() : 0;
                long actual = head.exists() ? head.version() : 0;
                return new AppendResult.Conflict(append.id(), entry.getKey(), expected, actual);
            }
        }
        return null;
    }

    private AppendResult record(
            Overlay view,
            AppendRequest request,
            Append append,
            List<Event> system,
            long nowMillis,
            List<LogRecord> decided) {
        AppendRecord made = records.append(
                view,
                request.org(),
                request.client(),
                append.id(),
                append.sequence(),
                append.events(),
                system,
                nowMillis);
        AppendRecord record = request.idsAreNew() ? made.withNewId() : made;
        view.apply(record);
        decided.add(record);
        return new AppendResult.Appended(
                append.id(), append.sequence(), record.firstPosition(), record.lastClientPosition(), record.versions());
    }

    private static AppendResult reject(
            Overlay view, AppendRequest request, Append append, Problem why, long nowMillis, List<LogRecord> decided) {
        Problem problem = StorableProblem.of(why);
        if (append.sequence() > 0) {
            RejectionRecord record = new RejectionRecord(
                    request.org(), request.client(), append.sequence(), append.id(), nowMillis, problem);
            view.apply(record);
            decided.add(record);
        }
        return new AppendResult.Rejected(append.id(), append.sequence(), problem);
    }
}

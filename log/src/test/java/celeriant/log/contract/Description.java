package celeriant.log.contract;

import celeriant.log.AggregateState;
import celeriant.log.AppendOutcome;
import celeriant.log.DiscardOutcome;
import celeriant.log.SnapshotOutcome;
import celeriant.model.AppendResult;
import celeriant.model.ClientHead;
import celeriant.model.Event;
import celeriant.model.Problem;
import celeriant.model.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/** Answers and events as one line of text each, without what may differ between logs (generated ids, sentences). */
final class Description {
    private Description() {}

    static String of(AppendOutcome outcome) {
        return switch (outcome) {
            case AppendOutcome.Settled settled ->
                settled.results().stream().map(Description::of).toList() + " head " + of(settled.head());
            case AppendOutcome.Refused refused -> "refused " + of(refused.problem());
        };
    }

    static String of(AppendResult result) {
        return switch (result) {
            case AppendResult.Appended a -> appended(a.firstPosition(), a.lastPosition(), new TreeMap<>(a.versions()));
            case AppendResult.Duplicate d ->
                "duplicate of " + appended(d.firstPosition(), d.lastPosition(), new TreeMap<>(d.versions()));
            case AppendResult.Conflict c -> conflict(c.aggregate().toString(), c.expected(), c.actual());
            case AppendResult.Rejected r -> "rejected " + of(r.problem());
        };
    }

    static String appended(long first, long last, TreeMap<?, Long> versions) {
        return "appended " + first + "-" + last + " " + versions;
    }

    static String conflict(String aggregate, long expected, long actual) {
        return "conflict " + aggregate + " expected " + expected + " actual " + actual;
    }

    static String of(ClientHead head) {
        return head == null ? "none" : head.sequence() + "@" + head.position() + " " + head.id();
    }

    static String of(DiscardOutcome outcome) {
        return switch (outcome) {
            case DiscardOutcome.Discarded d -> "discarded " + d.version() + "@" + d.position();
            case DiscardOutcome.Refused refused -> "refused " + of(refused.problem());
        };
    }

    static String of(SnapshotOutcome outcome) {
        return switch (outcome) {
            case SnapshotOutcome.Stored stored -> "stored, replaced " + stored.replaced();
            case SnapshotOutcome.Refused refused -> "refused " + of(refused.problem());
        };
    }

    /** The code and the fields that programs act on. */
    static String of(Problem problem) {
        TreeMap<String, Object> fields = new TreeMap<>(problem.fields());
        fields.keySet().retainAll(List.of("expectedSequence", "actual"));
        return problem.code().code() + (fields.isEmpty() ? "" : fields.toString());
    }

    static String of(RecordedEvent recorded) {
        Event event = recorded.event();
        return recorded.position() + "/" + recorded.version() + " " + event.aggregate() + " " + event.type() + " "
                + event.key() + "=" + new String(event.data().bytes(), StandardCharsets.UTF_8) + " by "
                + recorded.client() + " #" + recorded.sequence();
    }

    static List<String> of(List<RecordedEvent> events) {
        return events.stream().map(Description::of).toList();
    }

    static String of(AggregateState state) {
        String snapshot = state.snapshot() == null
                ? "none"
                : state.snapshot().version() + ":" + new String(state.snapshot().data(), StandardCharsets.UTF_8);
        return state.aggregate() + " " + state.version() + "@" + state.position() + " snapshot " + snapshot + " "
                + state.registers();
    }
}

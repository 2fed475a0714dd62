package celeriant.log.embedded.journal;

import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordDecoder;
import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.RejectionRecord;
import celeriant.log.sequencer.SnapshotRecord;
import celeriant.model.AggregateId;
import java.util.Set;
import java.util.TreeSet;

/** Says what a record belonged to whose check is wrong, for the message alone: a name may be what is damaged. */
final class DamagedRecord {
    private static final int AGGREGATES_NAMED = 3;

    private DamagedRecord() {}

    /** As {@code ", of canvas/board of org acme as far as it can be read"}; empty if it cannot. */
    static String names(RecordBytes record) {
        try {
            return ", of " + names(RecordDecoder.decode(record)) + " as far as it can be read";
        } catch (RuntimeException e) {
            return "";
        }
    }

    private static String names(LogRecord record) {
        return switch (record) {
            case AppendRecord append -> {
                Set<AggregateId> aggregates = new TreeSet<>();
                append.events()
                        .forEach(recorded -> aggregates.add(recorded.event().aggregate()));
                String named = aggregates.stream()
                        .limit(AGGREGATES_NAMED)
                        .map(AggregateId::toString)
                        .reduce((one, next) -> one + ", " + next)
                        .orElse("nothing");
                yield named + (aggregates.size() > AGGREGATES_NAMED ? " and more" : "") + " of org " + append.org();
            }
            case SnapshotRecord snapshot -> snapshot.aggregate() + " of org " + snapshot.org();
            case RejectionRecord rejection -> "client " + rejection.client() + " of org " + rejection.org();
        };
    }
}

package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.Snapshot;

/**
 * A snapshot that an application published; it replaces the aggregate's earlier one. It takes no position and is not in
 * the hash chain.
 */
public record SnapshotRecord(
        String org, AggregateId aggregate, long version, String contentType, byte[] data, long recordedAtMillis)
        implements LogRecord {
    public Snapshot snapshot() {
        return new Snapshot(aggregate, version, contentType, data);
    }
}

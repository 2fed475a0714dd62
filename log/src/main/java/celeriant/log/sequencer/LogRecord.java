package celeriant.log.sequencer;

/**
 * What an engine makes durable, in order: one record per settled append, settled rejection, or published snapshot. A
 * trim and a delete are {@link AppendRecord}s of one system event on the aggregate itself ({@link Tombstone}).
 *
 * <p>A record is the whole truth: the view ({@link LogView}) is what applying the records in order gives, so an index
 * can be rebuilt from them.
 */
public sealed interface LogRecord permits AppendRecord, RejectionRecord, SnapshotRecord {
    String org();

    /** When it was decided, milliseconds since 1970-01-01T00:00Z by the server's clock. */
    long recordedAtMillis();
}

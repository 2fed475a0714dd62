package celeriant.log.embedded.commit;

import celeriant.log.Measures;
import java.util.function.LongSupplier;

/** What the writer measures of itself. Recorded by the writer thread, shown by any. */
public final class Meters {
    private final LongSupplier nanos;
    private final Histogram appends = Histogram.ofNanos();
    private final Histogram syncs = Histogram.ofNanos();
    private final Histogram groupWrites = Histogram.ofCounts();
    private final Histogram groupBytes = Histogram.ofBytes();

    /** @param nanos a clock that never goes back */
    public Meters(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The time to measure from. */
    public long now() {
        return nanos.getAsLong();
    }

    /** A group of so many bytes was written and synced, which took so long. */
    void synced(long tookNanos, int bytes) {
        syncs.record(tookNanos);
        groupBytes.record(bytes);
    }

    /** So many writes were settled by one sync, and are answered now. */
    public void settled(int writes) {
        groupWrites.record(writes);
    }

    /** A write that was offered then is answered at {@code nowNanos}. */
    void answered(long offeredNanos, long nowNanos) {
        appends.record(nowNanos - offeredNanos);
    }

    public void show(Measures into) {
        appends.show(into, "write_seconds", "From the arrival of an append, trim, delete or snapshot to its answer.");
        syncs.show(into, "sync_seconds", "Time to write one group of records and sync it.");
        groupWrites.show(into, "group_writes", "Writes that one step of the writer settled together.");
        groupBytes.show(into, "group_bytes", "Bytes of records in one group.");
    }
}

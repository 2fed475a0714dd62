package celeriant.log.embedded;

import celeriant.log.embedded.commit.GroupSyncs;
import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.heads.HeadCache;
import celeriant.log.embedded.index.IndexStores;
import celeriant.log.embedded.record.RecordCheck;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What an engine is made of and what tests put something else in the place of.
 *
 * @param ids names what comes without an id, and a new log
 * @param salts one random number per segment
 * @param preparing where segments are made ahead
 * @param check tells records from other bytes
 * @param nanos measures durations
 * @param indexing where the index is written behind
 * @param syncs where groups are synced while the next are decided
 * @param heads makes what keeps heads of aggregates, in so many bytes
 */
record EngineParts(
        Disk disk,
        IndexStores stores,
        InstantSource clock,
        Supplier<UUID> ids,
        LongSupplier salts,
        Executor preparing,
        Executor indexing,
        RecordCheck check,
        LongSupplier nanos,
        GroupSyncs syncs,
        LongFunction<HeadCache> heads) {}

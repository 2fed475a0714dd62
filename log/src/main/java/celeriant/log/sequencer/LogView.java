package celeriant.log.sequencer;

import celeriant.model.AggregateId;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.Register;
import java.util.Optional;
import java.util.UUID;

/**
 * What decisions are taken from: the state that applying every record so far gives. An engine implements it over what
 * is durable; {@link Overlay} lays what was decided since on top. Confined to the writer's thread.
 *
 * <p>Applying an {@link AppendRecord}: the org's head becomes its last position and its hash; each event changes its
 * aggregate's head by {@link AggregateHead#after}; an event with a key sets that register (JSON null clears it),
 * {@code $deleted} drops all registers and the snapshot, {@code $trimmed} drops the snapshot if it says so; with a
 * sequence the client's head becomes {@link AppendRecord#clientHead} and its verdict is kept for ever; without one its
 * verdict is kept by id for at least 7 days. Applying a {@link RejectionRecord}: head and verdict. Applying a
 * {@link SnapshotRecord}: the snapshot, and {@link AggregateHead#withSnapshot}.
 */
public interface LogView {
    /** Where the org's log ends; {@link OrgHead#EMPTY} for an org that nothing was appended to. */
    OrgHead orgHead(String org);

    /** The client's latest settled sequenced append; null if there is none. */
    ClientHead clientHead(String org, ClientId client);

    /** The verdict on one sequence of a client; null if it is above the client's head. */
    SettledAppend settled(String org, ClientId client, long sequence);

    /** The append without sequence (a trim or a delete, too) of a client that had this id; null if none is known. */
    SettledAppend.Recorded recordedById(String org, ClientId client, UUID id);

    /** An aggregate's head; {@link AggregateHead#ABSENT} for one that never existed. */
    AggregateHead aggregateHead(String org, AggregateId aggregate);

    /** The current value of one register; empty if it is not set or the aggregate does not exist. */
    Optional<Register> register(String org, AggregateId aggregate, String key);

    /**
     * Whether the aggregate holds an application's event without a key (see {@link AggregateHead#isKeyless}) at a
     * version above {@code afterVersion} and below {@code beforeVersion}. May read the range: only trims ask.
     */
    boolean hasKeyless(String org, AggregateId aggregate, long afterVersion, long beforeVersion);
}

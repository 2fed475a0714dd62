package celeriant.client.buffer;

import celeriant.client.buffer.SqlConnections.Use;
import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.wire.DeviceKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A buffer in SQL tables ({@link SqlSchema}). Each method is one transaction. Any thread. */
abstract sealed class SqlBuffer implements LocalBuffer permits SqliteBuffer, JdbcBuffer {
    private static final Logger LOG = Logger.getLogger("celeriant.client");

    private final String where;
    private final String prefix;
    private SqlConnections connections;
    private SqlDialect dialect;
    private long term;

    SqlBuffer(String where, String prefix) {
        this.where = where;
        this.prefix = prefix;
    }

    /** Opens the store, or fails with what {@link LocalBuffer#open} may fail with. */
    abstract SqlConnections connect() throws SQLException;

    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    @Override
    public BufferContents open(Supplier<DeviceKey> newIdentity) {
        try {
            connections = connect();
        } catch (SQLException e) {
            throw new BufferException.Failed(where + ": " + e.getMessage(), e);
        }
        return inTransaction(Use.DURABLE, connection -> {
            dialect = SqlDialect.of(connection);
            SqlSchema.create(connection, dialect, prefix);
            SqlSchema.check(connection, prefix);
            term = owner(connection).begin();
            SqlQueue queue = queue(connection);
            if (queue.lockClient() == null) {
                queue.createClient(newIdentity);
            }
            return contents(connection);
        });
    }

    @Override
    public BufferContents contents() {
        return transact(Use.READ, this::contents);
    }

    private BufferContents contents(Connection connection) throws SQLException {
        SqlQueue queue = queue(connection);
        SqlQueue.Client client = queue.client();
        SqlConfirmed.Reading reading = confirmed(connection).reading();
        return new BufferContents(
                client.key(),
                client.settled(),
                queue.pendingBehind(0),
                queue.rejected(),
                reading.cursor(),
                reading.follows());
    }

    @Override
    public List<PendingAppend> append(List<Draft> drafts) {
        return inTransaction(Use.DURABLE, connection -> append(connection, drafts));
    }

    /** Numbers and stores inside the transaction of this connection. */
    final List<PendingAppend> append(Connection connection, List<Draft> drafts) throws SQLException {
        owner(connection).hold(term);
        SqlQueue queue = queue(connection);
        SqlQueue.Client client = queue.lockClient();
        List<PendingAppend> appends = new ArrayList<>();
        long next = client.nextSequence();
        for (Draft draft : drafts) {
            if (draft.retries() == null || queue.deleteRejected(draft.retries())) {
                appends.add(new PendingAppend(next++, draft.id(), draft.events(), draft.createdAtMillis(), null));
            }
        }
        queue.insertPending(appends);
        queue.writeNumbers(next, client.settled());
        return appends;
    }

    @Override
    public List<PendingAppend> loadPending(long sequence) {
        return transact(Use.READ, connection -> queue(connection).pendingBehind(sequence));
    }

    @Override
    public List<PendingAppend> loadPendingForSure() {
        return inTransaction(Use.READ, connection -> {
            SqlQueue queue = queue(connection);
            // A commit goes on in the server, and keeps this from others until it has ended.
            queue.lockClient();
            return queue.pendingBehind(0);
        });
    }

    @Override
    public void settle(Settlement settlement) {
        transact(Use.DURABLE, connection -> {
            SqlQueue queue = queue(connection);
            SqlQueue.Client client = queue.lockClient();
            if (!client.id().equals(settlement.client())) {
                throw new BufferException.IdentityChanged();
            }
            After settled = settlement.settled();
            boolean further = client.settled() == null
                    || settled.sequence() > client.settled().sequence();
            queue.deletePendingUpTo(settled.sequence());
            queue.insertKept(settlement.kept());
            queue.insertRejected(settlement.rejected());
            queue.writeNumbers(client.nextSequence(), further ? settled : client.settled());
            return null;
        });
    }

    @Override
    public void giveUp(long sequence, Refusal reason) {
        transact(Use.DURABLE, connection -> {
            queue(connection).giveUp(sequence, reason);
            return null;
        });
    }

    @Override
    public boolean discardRejected(UUID id) {
        return transact(Use.DURABLE, connection -> queue(connection).deleteRejected(id));
    }

    @Override
    public BufferContents rewind(After settled) {
        return transact(Use.DURABLE, connection -> {
            SqlQueue queue = queue(connection);
            SqlQueue.Client client = queue.lockClient();
            long from = settled == null ? 0 : settled.sequence();
            List<PendingAppend> lost = queue.keptBehind(client.id(), from).stream()
                    .map(KeptAppend::pendingAgain)
                    .toList();
            queue.insertPending(lost);
            queue.deleteKeptBehind(client.id(), from);
            List<PendingAppend> pending = queue.pendingBehind(0);
            long last =
                    pending.isEmpty() ? from : pending.get(pending.size() - 1).sequence();
            queue.writeNumbers(Math.max(from, last) + 1, settled);
            return contents(connection);
        });
    }

    @Override
    public BufferContents restamp(DeviceKey identity) {
        return transact(Use.DURABLE, connection -> {
            SqlQueue queue = queue(connection);
            queue.lockClient();
            List<PendingAppend> renumbered = new ArrayList<>();
            for (PendingAppend append : queue.pendingBehind(0)) {
                renumbered.add(append.numbered(renumbered.size() + 1L));
            }
            queue.deletePendingUpTo(Long.MAX_VALUE);
            queue.replaceKey(identity);
            queue.insertPending(renumbered);
            queue.writeNumbers(renumbered.size() + 1L, null);
            return contents(connection);
        });
    }

    @Override
    public void confirm(ConfirmedChange change) {
        transact(Use.RELAXED, connection -> {
            confirmed(connection).apply(change);
            return null;
        });
    }

    @Override
    public Optional<StoredAggregate> loadAggregate(AggregateId aggregate) {
        Optional<SqlConfirmed.Found> found =
                transact(Use.READ, connection -> confirmed(connection).aggregate(aggregate));
        if (found.isPresent() && found.get().hasManyRows()) {
            fold(aggregate);
        }
        return found.map(SqlConfirmed.Found::aggregate);
    }

    /** Makes the next start quicker; where it cannot be, it is as slow as this one. */
    private void fold(AggregateId aggregate) {
        try {
            transact(Use.RELAXED, connection -> {
                confirmed(connection).fold(aggregate);
                return null;
            });
        } catch (BufferException.Failed | BufferException.Unsure e) {
            LOG.log(Level.FINE, "the registers of " + aggregate + " stay in rows", e);
        }
    }

    @Override
    public List<RecordedEvent> loadHistory(AggregateId aggregate, long after, int limit) {
        return transact(Use.READ, connection -> confirmed(connection).history(aggregate, after, limit));
    }

    @Override
    public List<KeptAppend> loadKept(long position) {
        return transact(Use.READ, connection -> queue(connection).keptLandedBehind(position));
    }

    @Override
    public void pruneKept(long beforeMillis) {
        transact(Use.RELAXED, connection -> {
            queue(connection).deleteKeptBefore(beforeMillis);
            return null;
        });
    }

    @Override
    public void close() {
        try {
            if (connections != null) {
                connections.close();
            }
        } catch (SQLException e) {
            throw new BufferException.Failed(where + ": " + e.getMessage(), e);
        }
    }

    private SqlQueue queue(Connection connection) {
        return new SqlQueue(connection, dialect, prefix);
    }

    private SqlConfirmed confirmed(Connection connection) {
        return new SqlConfirmed(connection, prefix);
    }

    private SqlOwner owner(Connection connection) {
        return new SqlOwner(connection, dialect, prefix);
    }

    /** What only reads may be done by whoever has the buffer open no more. */
    private <T> T transact(Use use, Work<T> work) {
        return inTransaction(use, connection -> {
            if (use != Use.READ) {
                owner(connection).hold(term);
            }
            return work.in(connection);
        });
    }

    private <T> T inTransaction(Use use, Work<T> work) {
        try {
            Connection connection = connections.take(use);
            T result;
            try {
                result = work.in(connection);
                commit(connection);
            } catch (SQLException | RuntimeException | Error e) {
                giveBack(connection, e);
                throw e;
            }
            giveBack(connection);
            return result;
        } catch (SQLException e) {
            throw new BufferException.Failed(where + ": " + e.getMessage(), e);
        }
    }

    private void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            throw new BufferException.Unsure(where + ": " + e.getMessage(), e);
        }
    }

    /** What was committed stands, whatever becomes of its connection: to call it failed would have it made twice. */
    private void giveBack(Connection connection) {
        try {
            connections.give(connection);
        } catch (SQLException e) {
            // It is for its pool to replace it.
        }
    }

    /** A connection that broke says so at each step; what broke it is what counts. */
    private void giveBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
        try {
            connections.give(connection);
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }
}

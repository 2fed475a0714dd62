package celeriant.client.buffer;

import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import celeriant.model.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The half of the SQL buffers that keeps what was read: cursor, registers, history. Runs inside the transaction of its
 * connection and neither begins nor ends it. Confined to whoever has the connection.
 */
final class SqlConfirmed {
    /** The reader's row. */
    record Reading(Cursor cursor, Set<AggregateId> follows) {}

    private final Connection connection;
    private final String prefix;
    private final SqlRegisters registers;

    SqlConfirmed(Connection connection, String prefix) {
        this.connection = connection;
        this.prefix = prefix;
        this.registers = new SqlRegisters(connection, prefix);
    }

    Reading reading() throws SQLException {
        String sql = "SELECT cursor_position, log_id, check_position, check_hash, follows FROM " + prefix
                + "reading WHERE id = 1";
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            if (!row.next()) {
                return new Reading(null, Set.of());
            }
            long position = row.getLong(1);
            Cursor cursor =
                    row.wasNull() ? null : new Cursor(position, row.getString(2), row.getLong(3), row.getString(4));
            return new Reading(cursor, StoredJson.readNames(row.getString(5)));
        }
    }

    void apply(ConfirmedChange change) throws SQLException {
        Reading before = reading();
        if (change.everythingForgotten()) {
            try (Statement statement = connection.createStatement()) {
                for (String table : List.of("aggregate", "register", "register_page", "history")) {
                    statement.executeUpdate("DELETE FROM " + prefix + table);
                }
            }
        }
        Cursor kept = change.everythingForgotten() ? null : before.cursor();
        writeReading(
                change.cursor() == null ? kept : change.cursor(),
                change.follows() == null ? before.follows() : change.follows());
        for (AggregateChange moved : change.aggregates()) {
            move(moved);
        }
    }

    private void writeReading(Cursor cursor, Set<AggregateId> follows) throws SQLException {
        String sql = "INSERT INTO " + prefix
                + "reading (id, cursor_position, log_id, check_position, check_hash, follows) VALUES (1, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (id) DO UPDATE SET cursor_position = excluded.cursor_position,"
                + " log_id = excluded.log_id, check_position = excluded.check_position,"
                + " check_hash = excluded.check_hash, follows = excluded.follows";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            if (cursor == null) {
                insert.setNull(1, Types.BIGINT);
            } else {
                insert.setLong(1, cursor.position());
            }
            insert.setString(2, cursor == null ? null : cursor.log());
            insert.setLong(3, cursor == null ? 0 : cursor.checkPosition());
            insert.setString(4, cursor == null ? null : cursor.checkHash());
            insert.setString(5, StoredJson.write(follows));
            insert.executeUpdate();
        }
    }

    private void move(AggregateChange change) throws SQLException {
        String name = change.aggregate().toString();
        if (change.forgotten()) {
            deleteFrom("aggregate", name);
            registers.delete(name);
            deleteFrom("history", name);
            return;
        }
        writeAggregate(name, change);
        if (change.registersReset()) {
            registers.replace(name, change.registers());
        } else {
            registers.change(name, change.registers());
        }
        writeHistory(name, change);
    }

    private void writeAggregate(String name, AggregateChange change) throws SQLException {
        String sql = "INSERT INTO " + prefix + "aggregate (name, version, position, history_after, tail,"
                + " snapshot_version, snapshot_type, snapshot) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET version = excluded.version, position = excluded.position,"
                + " history_after = excluded.history_after, tail = excluded.tail,"
                + " snapshot_version = excluded.snapshot_version, snapshot_type = excluded.snapshot_type,"
                + " snapshot = excluded.snapshot";
        Snapshot snapshot = change.keeps().snapshot();
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, name);
            insert.setLong(2, change.version());
            insert.setLong(3, change.position());
            insert.setLong(4, change.keeps().after());
            insert.setInt(5, change.keeps().tail() ? 1 : 0);
            insert.setLong(6, snapshot == null ? 0 : snapshot.version());
            insert.setString(7, snapshot == null ? null : snapshot.contentType());
            insert.setBytes(8, snapshot == null ? null : snapshot.data());
            insert.executeUpdate();
        }
    }

    private void writeHistory(String name, AggregateChange change) throws SQLException {
        if (!change.keeps().isKept()) {
            deleteFrom("history", name);
            return;
        }
        String put = "INSERT INTO " + prefix + "history (name, version, event) VALUES (?, ?, ?)"
                + " ON CONFLICT (name, version) DO UPDATE SET event = excluded.event";
        try (PreparedStatement insert = connection.prepareStatement(put)) {
            for (RecordedEvent event : change.history()) {
                insert.setString(1, name);
                insert.setLong(2, event.version());
                insert.setBytes(3, StoredJson.write(event));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        String cut = "DELETE FROM " + prefix + "history WHERE name = ? AND version <= ?";
        try (PreparedStatement delete = connection.prepareStatement(cut)) {
            delete.setString(1, name);
            delete.setLong(2, change.keeps().after());
            delete.executeUpdate();
        }
    }

    private void deleteFrom(String table, String name) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + prefix + table + " WHERE name = ?")) {
            delete.setString(1, name);
            delete.executeUpdate();
        }
    }

    /** An aggregate, and whether its registers had better be put into pages. */
    record Found(StoredAggregate aggregate, boolean hasManyRows) {}

    Optional<Found> aggregate(AggregateId aggregate) throws SQLException {
        String sql = "SELECT version, position, history_after, tail, snapshot_version, snapshot_type, snapshot FROM "
                + prefix + "aggregate WHERE name = ?";
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, aggregate.toString());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                SqlRegisters.Read read = registers.read(aggregate.toString());
                History keeps = new History(row.getLong(3), row.getInt(4) != 0, snapshot(aggregate, row));
                StoredAggregate stored =
                        new StoredAggregate(aggregate, row.getLong(1), row.getLong(2), read.registers(), keeps);
                return Optional.of(new Found(stored, read.hasManyRows()));
            }
        }
    }

    /** Puts what changed of its registers one by one into pages. */
    void fold(AggregateId aggregate) throws SQLException {
        registers.fold(aggregate.toString());
    }

    private static Snapshot snapshot(AggregateId aggregate, ResultSet row) throws SQLException {
        byte[] data = row.getBytes(7);
        return data == null ? null : new Snapshot(aggregate, row.getLong(5), row.getString(6), data);
    }

    List<RecordedEvent> history(AggregateId aggregate, long after, int limit) throws SQLException {
        String sql = "SELECT event FROM " + prefix + "history WHERE name = ? AND version > ? ORDER BY version LIMIT ?";
        List<RecordedEvent> events = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, aggregate.toString());
            query.setLong(2, after);
            query.setInt(3, limit);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    events.add(StoredJson.readRecorded(row.getBytes(1)));
                }
            }
        }
        return events;
    }
}

package celeriant.client.buffer;

import celeriant.model.After;
import celeriant.wire.DeviceKey;
import celeriant.wire.Jwk;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The half of the SQL buffers that keeps appends: identity, numbers, pending, rejected, kept. Runs inside the
 * transaction of its connection and neither begins nor ends it. Confined to whoever has the connection.
 */
final class SqlQueue {
    /** The client's row. */
    record Client(DeviceKey key, long nextSequence, After settled) {
        String id() {
            return key.jwk().thumbprint();
        }
    }

    private final Connection connection;
    private final SqlDialect dialect;
    private final String prefix;

    SqlQueue(Connection connection, SqlDialect dialect, String prefix) {
        this.connection = connection;
        this.dialect = dialect;
        this.prefix = prefix;
    }

    /** Reads the client's row, and keeps others from it until the transaction ends; null if there is none yet. */
    Client lockClient() throws SQLException {
        return client(dialect.lock());
    }

    Client client() throws SQLException {
        return client("");
    }

    private Client client(String lock) throws SQLException {
        String sql = "SELECT curve, public_key, private_key, next_sequence, settled_sequence, settled_id FROM " + prefix
                + "client WHERE id = 1" + lock;
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            if (!row.next()) {
                return null;
            }
            DeviceKey key = DeviceKey.decode(Jwk.Curve.valueOf(row.getString(1)), row.getBytes(2), row.getBytes(3));
            long sequence = row.getLong(5);
            After settled = sequence == 0 ? null : new After(sequence, UUID.fromString(row.getString(6)));
            return new Client(key, row.getLong(4), settled);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new BufferException.UnknownFormat("the buffer's key is not understood", e);
        }
    }

    void createClient(Supplier<DeviceKey> newIdentity) throws SQLException {
        DeviceKey key = newIdentity.get();
        String sql = "INSERT INTO " + prefix + "client (id, format, curve, public_key, private_key, next_sequence,"
                + " settled_sequence, settled_id) VALUES (1, ?, ?, ?, ?, 1, 0, NULL)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setInt(1, SqlSchema.FORMAT);
            bindKey(insert, 2, key);
            insert.executeUpdate();
        }
    }

    void replaceKey(DeviceKey key) throws SQLException {
        String sql = "UPDATE " + prefix + "client SET curve = ?, public_key = ?, private_key = ? WHERE id = 1";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            bindKey(update, 1, key);
            update.executeUpdate();
        }
    }

    private static void bindKey(PreparedStatement statement, int at, DeviceKey key) throws SQLException {
        byte[] encoded = key.encodedPrivate();
        if (encoded == null) {
            throw new IllegalArgumentException("this key does not leave its store: it cannot be kept here");
        }
        statement.setString(at, key.jwk().curve().name());
        statement.setBytes(at + 1, key.encodedPublic());
        statement.setBytes(at + 2, encoded);
    }

    void writeNumbers(long nextSequence, After settled) throws SQLException {
        String sql =
                "UPDATE " + prefix + "client SET next_sequence = ?, settled_sequence = ?, settled_id = ? WHERE id = 1";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, nextSequence);
            update.setLong(2, settled == null ? 0 : settled.sequence());
            update.setString(3, settled == null ? null : settled.id().toString());
            update.executeUpdate();
        }
    }

    void insertPending(List<PendingAppend> appends) throws SQLException {
        String sql =
                "INSERT INTO " + prefix + "pending (sequence, id, events, created_at, given_up) VALUES (?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (PendingAppend append : appends) {
                insert.setLong(1, append.sequence());
                insert.setString(2, append.id().toString());
                insert.setBytes(3, StoredJson.write(append.events()));
                insert.setLong(4, append.createdAtMillis());
                insert.setBytes(5, StoredJson.write(append.givenUp()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** In the order of their sequences. */
    List<PendingAppend> pendingBehind(long sequence) throws SQLException {
        String sql = "SELECT sequence, id, events, created_at, given_up FROM " + prefix
                + "pending WHERE sequence > ? ORDER BY sequence";
        List<PendingAppend> appends = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setLong(1, sequence);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    appends.add(new PendingAppend(
                            row.getLong(1),
                            UUID.fromString(row.getString(2)),
                            StoredJson.readEvents(row.getBytes(3)),
                            row.getLong(4),
                            StoredJson.readRefusal(row.getBytes(5))));
                }
            }
        }
        return appends;
    }

    void deletePendingUpTo(long sequence) throws SQLException {
        update("DELETE FROM " + prefix + "pending WHERE sequence <= ?", sequence);
    }

    void giveUp(long sequence, Refusal reason) throws SQLException {
        String sql = "UPDATE " + prefix + "pending SET given_up = ? WHERE sequence = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setBytes(1, StoredJson.write(reason));
            update.setLong(2, sequence);
            update.executeUpdate();
        }
    }

    void insertRejected(List<RejectedAppend> appends) throws SQLException {
        String sql = "INSERT INTO " + prefix + "rejected (id, sequence, events, reason, created_at, rejected_at)"
                + " VALUES (?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (RejectedAppend append : appends) {
                deleteRejected(append.id());
                insert.setString(1, append.id().toString());
                insert.setLong(2, append.sequence());
                insert.setBytes(3, StoredJson.write(append.events()));
                insert.setBytes(4, StoredJson.write(append.reason()));
                insert.setLong(5, append.createdAtMillis());
                insert.setLong(6, append.rejectedAtMillis());
                insert.executeUpdate();
            }
        }
    }

    List<RejectedAppend> rejected() throws SQLException {
        String sql = "SELECT sequence, id, events, reason, created_at, rejected_at FROM " + prefix
                + "rejected ORDER BY rejected_at, sequence";
        List<RejectedAppend> appends = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                appends.add(new RejectedAppend(
                        row.getLong(1),
                        UUID.fromString(row.getString(2)),
                        StoredJson.readEvents(row.getBytes(3)),
                        StoredJson.readRefusal(row.getBytes(4)),
                        row.getLong(5),
                        row.getLong(6)));
            }
        }
        return appends;
    }

    /** Whether there was one. */
    boolean deleteRejected(UUID id) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + prefix + "rejected WHERE id = ?")) {
            delete.setString(1, id.toString());
            return delete.executeUpdate() > 0;
        }
    }

    void insertKept(List<KeptAppend> appends) throws SQLException {
        String sql = "INSERT INTO " + prefix + "kept (client, sequence, id, events, confirmation, landed, settled_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (client, sequence) DO NOTHING";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (KeptAppend append : appends) {
                insert.setString(1, append.client());
                insert.setLong(2, append.sequence());
                insert.setString(3, append.id().toString());
                insert.setBytes(4, StoredJson.write(append.events()));
                insert.setBytes(5, StoredJson.write(append.confirmation()));
                if (append.confirmation() == null) {
                    insert.setNull(6, Types.BIGINT);
                } else {
                    insert.setLong(6, append.confirmation().lastPosition());
                }
                insert.setLong(7, append.settledAtMillis());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Settled under this client behind a sequence, in order. */
    List<KeptAppend> keptBehind(String client, long sequence) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(keptQuery("client = ? AND sequence > ? ORDER BY sequence"))) {
            query.setString(1, client);
            query.setLong(2, sequence);
            return readKept(query);
        }
    }

    /** Landed behind a position, in order. */
    List<KeptAppend> keptLandedBehind(long position) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(keptQuery("landed > ? ORDER BY landed"))) {
            query.setLong(1, position);
            return readKept(query);
        }
    }

    void deleteKeptBehind(String client, long sequence) throws SQLException {
        String sql = "DELETE FROM " + prefix + "kept WHERE client = ? AND sequence > ?";
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setString(1, client);
            delete.setLong(2, sequence);
            delete.executeUpdate();
        }
    }

    void deleteKeptBefore(long millis) throws SQLException {
        update("DELETE FROM " + prefix + "kept WHERE settled_at < ?", millis);
    }

    private String keptQuery(String condition) {
        return "SELECT sequence, id, client, events, confirmation, settled_at FROM " + prefix + "kept WHERE "
                + condition;
    }

    private static List<KeptAppend> readKept(PreparedStatement query) throws SQLException {
        List<KeptAppend> appends = new ArrayList<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                appends.add(new KeptAppend(
                        row.getLong(1),
                        UUID.fromString(row.getString(2)),
                        row.getString(3),
                        StoredJson.readEvents(row.getBytes(4)),
                        StoredJson.readConfirmation(row.getBytes(5)),
                        row.getLong(6)));
            }
        }
        return appends;
    }

    private void update(String sql, long value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, value);
            statement.executeUpdate();
        }
    }
}

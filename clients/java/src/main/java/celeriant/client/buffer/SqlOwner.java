package celeriant.client.buffer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Whose a buffer is: the one's who opened it last. Each opening begins a new term; what changes the buffer is refused
 * under an earlier one. So a service that was killed, or moved to another machine, starts at once, without waiting for
 * anything to lapse, and the former instance, if it still runs, can change nothing more. Runs inside the transaction of
 * its connection.
 */
final class SqlOwner {
    private final Connection connection;
    private final SqlDialect dialect;
    private final String table;

    SqlOwner(Connection connection, SqlDialect dialect, String prefix) {
        this.connection = connection;
        this.dialect = dialect;
        table = prefix + "owner";
    }

    /** Begins a term, once all transactions of the one before have ended. */
    long begin() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (statement.executeUpdate("UPDATE " + table + " SET term = term + 1 WHERE id = 1") == 0) {
                statement.executeUpdate("INSERT INTO " + table + " (id, term) VALUES (1, 1)");
            }
        }
        return term("");
    }

    /** Lets no other term begin until the transaction ends; refuses one that is over. */
    void hold(long term) throws SQLException {
        if (term(dialect.hold()) != term) {
            throw new BufferException.InUse(
                    "another client has opened this buffer since: it is that one's, and this one changes nothing more");
        }
    }

    private long term(String suffix) throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement("SELECT term FROM " + table + " WHERE id = 1" + suffix);
                ResultSet row = query.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}

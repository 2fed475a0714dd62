package celeriant.client.buffer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * A buffer in tables of a service's own database, beside its own: what is appended with {@link #appendIn} commits with
 * the service's transaction or not at all, without an outbox to be built and polled. PostgreSQL, or an SQLite file that
 * the service owns. The tables carry its name as their prefix.
 *
 * <p>One client at a time uses it: the one that opened it last. A former one, of an instance of the service that still
 * runs, say, can change nothing more: its appends fail with {@link BufferException.InUse}, {@link #appendIn} too, so
 * that the service's transaction does not commit without them, and it goes offline and says why.
 */
public final class JdbcBuffer extends SqlBuffer {
    private static final String NAME = "[a-z][a-z0-9_]{0,30}";

    private final DataSource source;

    private JdbcBuffer(DataSource source, String name) {
        super(name, name + "_");
        this.source = source;
    }

    /** @param name of this buffer: lower case letters, digits, {@code _}; {@code celeriant} will do for one */
    public static JdbcBuffer on(DataSource source, String name) {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException("a buffer's name is " + NAME + ", not " + name);
        }
        return new JdbcBuffer(source, name);
    }

    /**
     * Numbers and stores appends in the transaction of {@code connection}, which the caller commits. Until then others
     * that append wait, since the log takes a client's appends without gaps.
     */
    public List<PendingAppend> appendIn(Connection connection, List<Draft> drafts) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalArgumentException("the connection commits each statement: it has no transaction to join");
        }
        return append(connection, drafts);
    }

    @Override
    SqlConnections connect() {
        return new SqlConnections() {
            @Override
            public Connection take(Use use) throws SQLException {
                Connection connection = source.getConnection();
                try {
                    connection.setAutoCommit(false);
                    return connection;
                } catch (SQLException e) {
                    connection.close();
                    throw e;
                }
            }

            @Override
            public void give(Connection connection) throws SQLException {
                try (connection) {
                    connection.setAutoCommit(true);
                }
            }

            @Override
            public void close() {}
        };
    }
}

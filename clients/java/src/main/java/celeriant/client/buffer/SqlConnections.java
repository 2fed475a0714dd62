package celeriant.client.buffer;

import java.sql.Connection;
import java.sql.SQLException;

/** Where an SQL buffer gets its connections. Any thread. */
interface SqlConnections extends AutoCloseable {
    /** What a transaction is for. */
    enum Use {
        READ,
        /** It is on the disk when the commit returns. */
        DURABLE,
        /** It may be lost with the machine, whole or not at all. */
        RELAXED
    }

    /** A connection without auto-commit, for one transaction; blocks while there is none. */
    Connection take(Use use) throws SQLException;

    /** The transaction was committed or rolled back. */
    void give(Connection connection) throws SQLException;

    @Override
    void close() throws SQLException;
}

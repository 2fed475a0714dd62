package celeriant.client.buffer;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** In what the databases differ, as far as the buffer is concerned. */
enum SqlDialect {
    /** A write transaction locks the whole file from its beginning. */
    SQLITE("BLOB", "", ""),
    POSTGRESQL("BYTEA", " FOR UPDATE", " FOR SHARE");

    private final String bytes;
    private final String lock;
    private final String hold;

    SqlDialect(String bytes, String lock, String hold) {
        this.bytes = bytes;
        this.lock = lock;
        this.hold = hold;
    }

    /** The type of a column of bytes. */
    String bytes() {
        return bytes;
    }

    /** What a query ends with that keeps others off the rows it reads until the transaction ends. */
    String lock() {
        return lock;
    }

    /** What a query ends with that lets nobody change the rows it reads until the transaction ends. */
    String hold() {
        return hold;
    }

    static SqlDialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return switch (product) {
            case "sqlite" -> SQLITE;
            case "postgresql" -> POSTGRESQL;
            default ->
                throw new BufferException.UnknownFormat(
                        "a buffer is kept in SQLite or PostgreSQL, not in " + product, null);
        };
    }
}

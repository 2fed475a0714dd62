package celeriant.client.buffer;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables of the SQL buffers, all with one prefix:
 *
 * <pre>
 *   client      one row: format, key, next sequence, last settled append
 *   owner       one row: the term of whoever opened the buffer last ({@link SqlOwner})
 *   reading     one row: cursor, followed aggregates. Apart from client, which appends lock
 *   pending     sequence -> append
 *   rejected    id -> append, reason
 *   kept        client, sequence -> settled append; landed = its last position, null if it was rejected
 *   aggregate   type/id -> version, position, history_after, tail, snapshot
 *   register_page  type/id, number -> registers that were read as a whole ({@link RegisterPages})
 *   register    type/id, key -> value that changed since; null if the key is cleared
 *   history     type/id, version -> recorded event
 * </pre>
 *
 * Events, registers, reasons are the protocol's JSON in UTF-8.
 *
 * <p>Formats: 1, the first; 2, with snapshots; 3, registers in pages (2 is taken over: all of its are in rows).
 */
final class SqlSchema {
    static final int FORMAT = 3;
    private static final int WITHOUT_PAGES = 2;

    private SqlSchema() {}

    /** Makes what is missing. */
    static void create(Connection connection, SqlDialect dialect, String prefix) throws SQLException {
        String bytes = dialect.bytes();
        List<String> tables = List.of(
                "client (id INTEGER PRIMARY KEY, format INTEGER NOT NULL, curve TEXT NOT NULL, public_key " + bytes
                        + " NOT NULL, private_key " + bytes + " NOT NULL, next_sequence BIGINT NOT NULL,"
                        + " settled_sequence BIGINT NOT NULL, settled_id TEXT)",
                "owner (id INTEGER PRIMARY KEY, term BIGINT NOT NULL)",
                "reading (id INTEGER PRIMARY KEY, cursor_position BIGINT, log_id TEXT,"
                        + " check_position BIGINT NOT NULL, check_hash TEXT, follows TEXT NOT NULL)",
                "pending (sequence BIGINT PRIMARY KEY, id TEXT NOT NULL, events " + bytes
                        + " NOT NULL, created_at BIGINT NOT NULL, given_up " + bytes + ")",
                "rejected (id TEXT PRIMARY KEY, sequence BIGINT NOT NULL, events " + bytes + " NOT NULL, reason "
                        + bytes + " NOT NULL, created_at BIGINT NOT NULL, rejected_at BIGINT NOT NULL)",
                "kept (client TEXT NOT NULL, sequence BIGINT NOT NULL, id TEXT NOT NULL, events " + bytes
                        + " NOT NULL, confirmation " + bytes + ", landed BIGINT, settled_at BIGINT NOT NULL,"
                        + " PRIMARY KEY (client, sequence))",
                "aggregate (name TEXT PRIMARY KEY, version BIGINT NOT NULL, position BIGINT NOT NULL,"
                        + " history_after BIGINT NOT NULL, tail INTEGER NOT NULL, snapshot_version BIGINT NOT NULL,"
                        + " snapshot_type TEXT, snapshot " + bytes + ")",
                "register (name TEXT NOT NULL, key TEXT NOT NULL, value " + bytes
                        + " NOT NULL, PRIMARY KEY (name, key))",
                "register_page (name TEXT NOT NULL, page INTEGER NOT NULL, entries " + bytes
                        + " NOT NULL, PRIMARY KEY (name, page))",
                "history (name TEXT NOT NULL, version BIGINT NOT NULL, event " + bytes
                        + " NOT NULL, PRIMARY KEY (name, version))");
        try (Statement statement = connection.createStatement()) {
            for (String table : tables) {
                statement.execute("CREATE TABLE IF NOT EXISTS " + prefix + table);
            }
            statement.execute("CREATE INDEX IF NOT EXISTS " + prefix + "kept_landed ON " + prefix + "kept (landed)");
        }
    }

    /** Takes over a store of the format before; refuses others before anything in them is changed. */
    static void check(Connection connection, String prefix) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int format = FORMAT;
            try (ResultSet rows = statement.executeQuery("SELECT format FROM " + prefix + "client WHERE id = 1")) {
                format = rows.next() ? rows.getInt(1) : FORMAT;
            }
            if (format == WITHOUT_PAGES) {
                statement.executeUpdate("UPDATE " + prefix + "client SET format = " + FORMAT + " WHERE id = 1");
            } else if (format != FORMAT) {
                throw new BufferException.UnknownFormat(
                        "the buffer's format is " + format + ": this client knows " + FORMAT, null);
            }
        }
    }
}

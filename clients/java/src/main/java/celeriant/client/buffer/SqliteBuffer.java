package celeriant.client.buffer;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A buffer in an SQLite file, for a device or a service of its own. What is durable is written with {@code synchronous
 * = FULL} into a write-ahead log: one sync per transaction. The file is this client's alone while it is open; the
 * device's key is in it in the clear, so protect it as one.
 */
public final class SqliteBuffer extends SqlBuffer {
    private final Path file;

    private SqliteBuffer(Path file) {
        super(file.toString(), "");
        this.file = file;
    }

    /** A buffer in this file, which is made if it does not exist. */
    public static SqliteBuffer in(Path file) {
        return new SqliteBuffer(file);
    }

    @Override
    SqlConnections connect() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(0);
        Properties properties = config.toProperties();
        try {
            Connection connection = JDBC.createConnection("jdbc:sqlite:" + file, properties);
            connection.setAutoCommit(false);
            return new Single(connection);
        } catch (SQLiteException e) {
            if (e.getResultCode() == SQLiteErrorCode.SQLITE_BUSY
                    || e.getResultCode() == SQLiteErrorCode.SQLITE_LOCKED) {
                throw new BufferException.InUse(file + ": another process has it open");
            }
            if (e.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB) {
                throw new BufferException.UnknownFormat(file + ": not a local buffer", e);
            }
            throw e;
        }
    }

    /** The one connection, for whoever has the lock. */
    private static final class Single implements SqlConnections {
        private final ReentrantLock lock = new ReentrantLock();
        private final Connection connection;
        private boolean relaxed;

        Single(Connection connection) {
            this.connection = connection;
        }

        @Override
        public Connection take(Use use) throws SQLException {
            lock.lock();
            boolean wanted = use == Use.RELAXED || use == Use.READ && relaxed;
            if (wanted != relaxed) {
                try (Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(true);
                    statement.execute("PRAGMA synchronous = " + (wanted ? "NORMAL" : "FULL"));
                    connection.setAutoCommit(false);
                    relaxed = wanted;
                } catch (SQLException e) {
                    lock.unlock();
                    throw e;
                }
            }
            return connection;
        }

        @Override
        public void give(Connection given) {
            lock.unlock();
        }

        @Override
        public void close() throws SQLException {
            lock.lock();
            try {
                connection.close();
            } finally {
                lock.unlock();
            }
        }
    }
}

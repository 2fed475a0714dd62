package celeriant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * PostgreSQL as an event store: one table, unique (aggregate, version), synchronous commit, prepared batches. A server
 * of its own from the installed package, on a free loopback port; each caller has a connection and a thread.
 */
final class PostgresStore implements AppendStore {
    private static final String USER = "bench";

    private final ServerProcess process;
    private final List<Caller> callers = new ArrayList<>();

    private static final class Caller {
        final Connection connection;
        final PreparedStatement insert;
        final ExecutorService thread = Executors.newSingleThreadExecutor();
        long version;

        Caller(Connection connection) throws SQLException {
            this.connection = connection;
            this.insert = connection.prepareStatement(
                    "insert into events (aggregate, version, type, key, data) values (?, ?, 'measured', ?, ?)");
        }
    }

    /** {@code binaries} holds {@code initdb} and {@code postgres}; as root they run as the user {@code postgres}. */
    PostgresStore(Path binaries, Path folder, int callersMax) throws IOException, InterruptedException, SQLException {
        Path data = folder.resolve("pgdata");
        Path output = folder.resolve("output");
        Files.createDirectories(folder);
        boolean root = System.getProperty("user.name").equals("root");
        List<String> prefix = root ? List.of("runuser", "-u", "postgres", "--") : List.of();
        if (root) {
            Commands.run(List.of("chown", "postgres", folder.toString()));
        }
        Commands.run(Commands.with(
                prefix,
                binaries.resolve("initdb").toString(),
                "-D",
                data.toString(),
                "-U",
                USER,
                "--auth=trust",
                "--no-sync"));
        int port = FreePort.find();
        process = ServerProcess.start(
                Commands.with(
                        prefix,
                        binaries.resolve("postgres").toString(),
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-k",
                        "",
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "max_connections=" + (callersMax + 20),
                        "-c",
                        "synchronous_commit=on",
                        "-c",
                        "fsync=on",
                        "-c",
                        "shared_buffers=1GB",
                        "-c",
                        "max_wal_size=8GB"),
                output);
        TcpReady.await(port, Duration.ofSeconds(20));
        connect("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER + "&prepareThreshold=1", callersMax);
    }

    private void connect(String url, int callersMax) throws SQLException {
        for (int i = 0; i < callersMax; i++) {
            Connection connection = DriverManager.getConnection(url);
            connection.setAutoCommit(false);
            if (i == 0) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("create table events (position bigserial primary key, aggregate text not null,"
                            + " version bigint not null, type text not null, key text, data text not null,"
                            + " unique (aggregate, version))");
                    connection.commit();
                }
            }
            callers.add(new Caller(connection));
        }
    }

    @Override
    public String name() {
        return "PostgreSQL, synchronous commit";
    }

    @Override
    public CompletionStage<?> append(int caller, int events, boolean keyed) {
        Caller one = callers.get(caller);
        return CompletableFuture.runAsync(() -> insert(one, caller, events, keyed), one.thread);
    }

    private static void insert(Caller one, int caller, int events, boolean keyed) {
        try {
            for (int i = 0; i < events; i++) {
                one.insert.setString(1, "a-" + caller);
                one.insert.setLong(2, ++one.version);
                one.insert.setString(3, keyed ? "k" + one.version % 1_000 : null);
                one.insert.setString(4, AppendPeer.payload());
                one.insert.addBatch();
            }
            one.insert.executeBatch();
            one.connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        for (Caller caller : callers) {
            caller.thread.shutdown();
            try {
                caller.connection.close();
            } catch (SQLException e) {
                System.err.println("a connection did not close: " + e.getMessage());
            }
        }
        process.close();
    }
}

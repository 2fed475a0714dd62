package celeriant.client.buffer;

import celeriant.client.buffer.StoredRegisters.Slot;
import celeriant.model.Register;
import celeriant.model.Registers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The registers in the SQL buffers: what was read as a whole lies in pages ({@link RegisterPages}), what changed since
 * in a row a key over them. Runs inside the transaction of its connection. Confined to whoever has the connection.
 */
final class SqlRegisters {
    /** A row that says that its key is in the pages and is cleared. */
    private static final byte[] CLEARED = "null".getBytes(StandardCharsets.US_ASCII);
    /** More rows than these are put into pages when they are read. */
    private static final int ROWS_MAX = 1_000;

    /** The registers of an aggregate, and how many rows say something about them. */
    record Read(StoredRegisters registers, int rows) {
        boolean hasManyRows() {
            return rows > ROWS_MAX;
        }
    }

    private final Connection connection;
    private final String prefix;

    SqlRegisters(Connection connection, String prefix) {
        this.connection = connection;
        this.prefix = prefix;
    }

    /** These and no others, as pages. */
    void replace(String name, Map<String, Register> registers) throws SQLException {
        List<Slot> slots = new ArrayList<>(registers.size());
        registers.forEach((key, register) -> {
            if (register != null) {
                byte[] json = StoredJson.write(register);
                slots.add(new Slot(key, json, 0, json.length));
            }
        });
        slots.sort(Comparator.comparing(Slot::key, Registers::compareCodePoints));
        writePages(name, slots);
    }

    /** Puts what lies in rows into pages. */
    void fold(String name) throws SQLException {
        writePages(name, read(name).registers().slots());
    }

    void delete(String name) throws SQLException {
        for (String table : List.of("register", "register_page")) {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM " + prefix + table + " WHERE name = ?")) {
                delete.setString(1, name);
                delete.executeUpdate();
            }
        }
    }

    private void writePages(String name, List<Slot> slots) throws SQLException {
        delete(name);
        String sql = "INSERT INTO " + prefix + "register_page (name, page, entries) VALUES (?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            int number = 0;
            for (byte[] page : RegisterPages.write(slots)) {
                insert.setString(1, name);
                insert.setInt(2, number++);
                insert.setBytes(3, page);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Changes some; null as a value clears one. */
    void change(String name, Map<String, Register> registers) throws SQLException {
        String sql = "INSERT INTO " + prefix + "register (name, key, value) VALUES (?, ?, ?)"
                + " ON CONFLICT (name, key) DO UPDATE SET value = excluded.value";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (Map.Entry<String, Register> entry : registers.entrySet()) {
                insert.setString(1, name);
                insert.setString(2, entry.getKey());
                insert.setBytes(3, entry.getValue() == null ? CLEARED : StoredJson.write(entry.getValue()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    Read read(String name) throws SQLException {
        List<Slot> paged = new ArrayList<>();
        String pages = "SELECT entries FROM " + prefix + "register_page WHERE name = ? ORDER BY page";
        try (PreparedStatement query = connection.prepareStatement(pages)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    RegisterPages.read(row.getBytes(1), paged);
                }
            }
        }
        TreeMap<String, byte[]> rows = rows(name);
        List<Slot> all = rows.isEmpty() ? paged : merged(paged, rows);
        return new Read(new StoredRegisters(all), rows.size());
    }

    private TreeMap<String, byte[]> rows(String name) throws SQLException {
        TreeMap<String, byte[]> rows = new TreeMap<>(Registers::compareCodePoints);
        try (PreparedStatement query =
                connection.prepareStatement("SELECT key, value FROM " + prefix + "register WHERE name = ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    rows.put(row.getString(1), row.getBytes(2));
                }
            }
        }
        return rows;
    }

    /** What is in the pages, with the rows over it, in the order of the keys. */
    private static List<Slot> merged(List<Slot> paged, TreeMap<String, byte[]> rows) {
        List<Slot> all = new ArrayList<>(paged.size() + rows.size());
        int next = 0;
        for (Map.Entry<String, byte[]> row : rows.entrySet()) {
            while (next < paged.size()
                    && Registers.compareCodePoints(paged.get(next).key(), row.getKey()) < 0) {
                all.add(paged.get(next++));
            }
            if (next < paged.size() && paged.get(next).key().equals(row.getKey())) {
                next++;
            }
            byte[] json = row.getValue();
            if (!Arrays.equals(json, CLEARED)) {
                all.add(new Slot(row.getKey(), json, 0, json.length));
            }
        }
        all.addAll(paged.subList(next, paged.size()));
        return all;
    }
}

package celeriant.wire;

import celeriant.model.AggregateId;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads an aggregate's state as {@link StateWriter} writes it. Stateless: any thread. */
public final class StateReader {
    private StateReader() {}

    /**
     * An aggregate's state.
     *
     * @param log which log it is of, or null if that was not told
     * @param hash of the log at {@code position}, or null if that was not told
     * @param snapshot null if none was published
     */
    public record State(
            AggregateId aggregate,
            long version,
            long position,
            String log,
            String hash,
            Map<String, Register> registers,
            Snapshot snapshot) {}

    public static State read(byte[] bytes) throws BadBodyException {
        JsonReader in = new JsonReader(bytes, 0, bytes.length);
        AggregateId aggregate = null;
        long version = 0;
        long position = 0;
        String log = null;
        String hash = null;
        Map<String, Register> registers = new LinkedHashMap<>();
        SnapshotFields snapshot = null;
        in.beginObject();
        while (in.nextMember()) {
            switch (in.name()) {
                case "aggregate" -> aggregate = RecordedReader.aggregate(in.string());
                case "version" -> version = in.integer();
                case "position" -> position = in.integer();
                case "log" -> log = in.string();
                case "hash" -> hash = in.string();
                case "registers" -> readRegisters(in, bytes, registers);
                case "snapshot" -> snapshot = in.skipNull() ? null : readSnapshot(in);
                default -> in.skipValue();
            }
        }
        in.finish();
        RecordedReader.require(aggregate != null, "a state without its aggregate");
        Snapshot published = snapshot == null
                ? null
                : new Snapshot(aggregate, snapshot.version(), snapshot.contentType(), snapshot.data());
        return new State(aggregate, version, position, log, hash, registers, published);
    }

    private record SnapshotFields(long version, String contentType, byte[] data) {}

    private static void readRegisters(JsonReader in, byte[] bytes, Map<String, Register> registers)
            throws BadBodyException {
        RecordedReader reader = new RecordedReader(in, bytes);
        in.beginObject();
        while (in.nextMember()) {
            String key = in.name();
            registers.put(key, reader.readRegister());
        }
    }

    private static SnapshotFields readSnapshot(JsonReader in) throws BadBodyException {
        long version = 0;
        String contentType = "application/json";
        byte[] data = null;
        in.beginObject();
        while (in.nextMember()) {
            switch (in.name()) {
                case "version" -> version = in.integer();
                case "datacontenttype" -> contentType = in.string();
                case "data" -> data = in.copyValue();
                case "data_base64" -> data = decode(in.string());
                default -> in.skipValue();
            }
        }
        RecordedReader.require(data != null, "a snapshot without data");
        return new SnapshotFields(version, contentType, data);
    }

    private static byte[] decode(String base64) throws BadBodyException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            RecordedReader.require(false, "a snapshot whose data_base64 is not base64");
            return null;
        }
    }
}

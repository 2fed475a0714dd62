package celeriant.wire;

import celeriant.model.AggregateId;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.util.Locale;

/**
 * Writes an aggregate's state in pieces, so that a large one can be sent while it is written: {@link #begin}, a
 * {@link #register} for each key in its order, {@link #end}. Between calls the caller may take the bytes away. Confined
 * to one thread.
 */
public final class StateWriter {
    private final JsonBytes out;
    private boolean any;

    public StateWriter(JsonBytes out) {
        this.out = out;
    }

    /** @param hash of the log at {@code position} */
    public void begin(AggregateId aggregate, long version, long position, String logId, String hash) {
        out.raw('{').name("aggregate").string(aggregate.toString());
        out.name("version").number(version);
        out.name("position").number(position);
        out.name("log").string(logId);
        out.name("hash").string(hash);
        out.name("registers").raw('{');
        any = false;
    }

    public void register(String key, Register register) {
        if (any) {
            out.raw(',');
        }
        any = true;
        EventWriter.write(register, out.string(key).raw(':'));
    }

    /** @param snapshot null if none was published */
    public void end(Snapshot snapshot) {
        out.raw('}');
        if (snapshot != null) {
            out.raw(',').string("snapshot").raw(':').raw('{');
            out.name("version").number(snapshot.version());
            out.name("datacontenttype").string(snapshot.contentType());
            writeData(snapshot);
            out.raw('}');
        }
        out.raw('}');
    }

    /** A snapshot is opaque bytes: JSON by its media type that is no JSON goes out as base64. */
    private void writeData(Snapshot snapshot) {
        byte[] data = snapshot.data();
        if (isJsonType(snapshot.contentType()) && isJson(data)) {
            out.name("data").raw(JsonText.withoutSpace(data, 0, data.length));
        } else {
            out.name("data_base64").base64(data);
        }
    }

    private static boolean isJsonType(String contentType) {
        String essence = contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        return essence.equals("application/json") || essence.endsWith("+json");
    }

    private static boolean isJson(byte[] data) {
        JsonReader in = new JsonReader(data, 0, data.length);
        try {
            in.skipValue();
            in.finish();
            return true;
        } catch (BadBodyException e) {
            return false;
        }
    }
}

package celeriant.wire;

import celeriant.model.AggregateId;
import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;

/**
 * Writes events as PROTOCOL's "Events" has them. The hot path of every read and stream: constants are bytes, data is
 * copied as it is. Stateless: any thread.
 */
public final class EventWriter {
    private static final byte[] ID = JsonBytes.ascii("{\"id\":");
    private static final byte[] AGGREGATE = JsonBytes.ascii(",\"aggregate\":\"");
    private static final byte[] TYPE = JsonBytes.ascii("\",\"type\":\"");
    private static final byte[] TYPE_VERSION = JsonBytes.ascii(",\"typeVersion\":");
    private static final byte[] KEY = JsonBytes.ascii(",\"key\":");
    private static final byte[] DATA = JsonBytes.ascii(",\"data\":");
    private static final byte[] DATA_BASE64 = JsonBytes.ascii(",\"data_base64\":");
    private static final byte[] CONTENT_TYPE = JsonBytes.ascii(",\"datacontenttype\":");
    private static final byte[] TIME = JsonBytes.ascii(",\"time\":");
    private static final byte[] ENCRYPTION_ALG = JsonBytes.ascii(",\"encryption\":{\"alg\":");
    private static final byte[] KID = JsonBytes.ascii(",\"kid\":");
    private static final byte[] IV = JsonBytes.ascii(",\"iv\":");
    private static final byte[] VERSION = JsonBytes.ascii(",\"version\":");
    private static final byte[] POSITION = JsonBytes.ascii(",\"position\":");
    private static final byte[] CLIENT = JsonBytes.ascii(",\"client\":");
    private static final byte[] APPEND = JsonBytes.ascii(",\"append\":");
    private static final byte[] SEQUENCE = JsonBytes.ascii(",\"sequence\":");
    private static final byte[] RECORDED_AT = JsonBytes.ascii(",\"recordedAt\":");

    private EventWriter() {}

    /** A recorded event. */
    public static void write(RecordedEvent recorded, JsonBytes out) {
        out.raw(ID).uuid(recorded.event().id());
        writeFields(recorded.event(), out);
        out.raw(VERSION).number(recorded.version());
        out.raw(POSITION).number(recorded.position());
        out.raw(CLIENT).string(recorded.client().value());
        out.raw(APPEND).uuid(recorded.append());
        if (recorded.sequence() > 0) {
            out.raw(SEQUENCE).number(recorded.sequence());
        }
        out.raw(RECORDED_AT).time(recorded.recordedAtMillis()).raw('}');
    }

    /** An event to append. */
    public static void write(Event event, JsonBytes out) {
        int start = out.length();
        if (event.id() != null) {
            out.raw(ID).uuid(event.id());
            writeFields(event, out);
        } else {
            writeFields(event, out);
            out.array()[start] = '{';
        }
        out.raw('}');
    }

    /** A register, as an aggregate's state has it. */
    public static void write(Register register, JsonBytes out) {
        int start = out.length();
        writeData(register.data(), out);
        out.array()[start] = '{';
        writeEncryption(register.encryption(), out);
        out.name("type").string(register.type());
        writeIfPresent(TYPE_VERSION, register.typeVersion(), out);
        out.raw(VERSION).number(register.version());
        out.raw(POSITION).number(register.position());
        out.raw(CLIENT).string(register.client().value());
        writeIfPresent(TIME, register.time(), out);
        out.raw('}');
    }

    /** Everything from the aggregate on, with a comma in front. */
    private static void writeFields(Event event, JsonBytes out) {
        AggregateId aggregate = event.aggregate();
        out.raw(AGGREGATE).text(aggregate.type()).raw('/').text(aggregate.id());
        out.raw(TYPE).text(event.type()).raw('"');
        writeIfPresent(TYPE_VERSION, event.typeVersion(), out);
        writeIfPresent(KEY, event.key(), out);
        writeData(event.data(), out);
        writeIfPresent(TIME, event.time(), out);
        writeEncryption(event.encryption(), out);
    }

    private static void writeData(EventData data, JsonBytes out) {
        switch (data.form()) {
            case JSON -> out.raw(DATA).raw(data.bytes());
            case BINARY -> out.raw(DATA_BASE64).base64(data.bytes());
        }
        writeIfPresent(CONTENT_TYPE, data.contentType(), out);
    }

    private static void writeEncryption(Encryption encryption, JsonBytes out) {
        if (encryption != null) {
            out.raw(ENCRYPTION_ALG).string(encryption.alg());
            out.raw(KID).string(encryption.kid());
            out.raw(IV).string(encryption.iv()).raw('}');
        }
    }

    private static void writeIfPresent(byte[] name, String value, JsonBytes out) {
        if (value != null) {
            out.raw(name).string(value);
        }
    }
}

package celeriant.wire;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.Problem;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Reads events and registers as a gateway answers them: the other end of {@link EventWriter}. It asks only for what it
 * needs and does not repeat the checks of appending, so that names of a later version pass. Confined to one thread.
 */
public final class RecordedReader {
    private final JsonReader in;
    private final byte[] bytes;

    private UUID id;
    private AggregateId aggregate;
    private String type;
    private String typeVersion;
    private String key;
    private EventData.Form form;
    private byte[] data;
    private String contentType;
    private String time;
    private Encryption encryption;
    private long version;
    private long position;
    private String client;
    private UUID append;
    private long sequence;
    private String recordedAt;

    RecordedReader(JsonReader in, byte[] bytes) {
        this.in = in;
        this.bytes = bytes;
    }

    /** Reads an array of recorded events. */
    public static List<RecordedEvent> readEvents(byte[] bytes) throws BadBodyException {
        JsonReader in = new JsonReader(bytes, 0, bytes.length);
        List<RecordedEvent> events = new RecordedReader(in, bytes).readEvents();
        in.finish();
        return events;
    }

    /** Reads one recorded event. */
    public static RecordedEvent readEvent(byte[] bytes) throws BadBodyException {
        JsonReader in = new JsonReader(bytes, 0, bytes.length);
        RecordedEvent event = new RecordedReader(in, bytes).readEvent();
        in.finish();
        return event;
    }

    /** Reads one register. */
    public static Register readRegister(byte[] bytes) throws BadBodyException {
        JsonReader in = new JsonReader(bytes, 0, bytes.length);
        Register register = new RecordedReader(in, bytes).readRegister();
        in.finish();
        return register;
    }

    /** Reads an array of events that were not recorded yet, each naming its aggregate. */
    public static List<Event> readUnrecorded(byte[] bytes) throws BadBodyException {
        JsonReader in = new JsonReader(bytes, 0, bytes.length);
        RecordedReader reader = new RecordedReader(in, bytes);
        List<Event> events = new ArrayList<>();
        in.beginArray();
        while (in.nextElement()) {
            reader.readMembers();
            events.add(reader.event());
        }
        in.finish();
        return events;
    }

    List<RecordedEvent> readEvents() throws BadBodyException {
        List<RecordedEvent> events = new ArrayList<>();
        in.beginArray();
        while (in.nextElement()) {
            events.add(readEvent());
        }
        return events;
    }

    RecordedEvent readEvent() throws BadBodyException {
        readMembers();
        require(id != null && append != null, "an event without id or append");
        Event event = event();
        return new RecordedEvent(event, version, position, client(), append, sequence, millis(recordedAt));
    }

    Register readRegister() throws BadBodyException {
        readMembers();
        require(type != null && data != null, "a register without type or data");
        EventData payload = new EventData(form, data, contentType);
        return new Register(payload, encryption, type, typeVersion, version, position, client(), time);
    }

    private Event event() throws BadBodyException {
        require(aggregate != null && type != null && data != null, "an event without aggregate, type or data");
        EventData payload = new EventData(form, data, contentType);
        return new Event(id, aggregate, type, typeVersion, key, payload, time, encryption);
    }

    private ClientId client() throws BadBodyException {
        require(client != null && !client.isEmpty(), "an event without client");
        return new ClientId(client);
    }

    private void readMembers() throws BadBodyException {
        clear();
        in.beginObject();
        while (in.nextMember()) {
            String name = in.name();
            if (name.equals("data")) {
                form = EventData.Form.JSON;
                data = in.copyValue();
            } else if (!in.skipNull()) {
                readMember(name);
            }
        }
    }

    private void clear() {
        id = null;
        aggregate = null;
        type = null;
        typeVersion = null;
        key = null;
        form = null;
        data = null;
        contentType = null;
        time = null;
        encryption = null;
        version = 0;
        position = 0;
        client = null;
        append = null;
        sequence = 0;
        recordedAt = null;
    }

    private void readMember(String name) throws BadBodyException {
        switch (name) {
            case "id" -> id = uuid();
            case "aggregate" -> aggregate = aggregate(in.string());
            case "type" -> type = in.string();
            case "typeVersion" -> typeVersion = in.string();
            case "key" -> key = in.string();
            case "data_base64" -> readBinary();
            case "datacontenttype" -> contentType = in.string();
            case "time" -> time = in.string();
            case "encryption" -> readEncryption();
            case "version" -> version = number();
            case "position" -> position = number();
            case "client" -> client = in.string();
            case "append" -> append = uuid();
            case "sequence" -> sequence = number();
            case "recordedAt" -> recordedAt = in.string();
            default -> in.skipValue();
        }
    }

    private UUID uuid() throws BadBodyException {
        in.scanString();
        UUID value = Uuids.parse(bytes, in.stringFrom(), in.stringTo());
        require(value != null, "not a UUID");
        return value;
    }

    private long number() throws BadBodyException {
        long value = in.integer();
        require(value != JsonReader.NOT_AN_INTEGER, "not a whole number");
        return value;
    }

    private void readBinary() throws BadBodyException {
        in.scanString();
        form = EventData.Form.BINARY;
        try {
            data = in.isEscaped()
                    ? Base64.getDecoder().decode(in.text().getBytes(StandardCharsets.UTF_8))
                    : Base64.getDecoder().decode(Arrays.copyOfRange(bytes, in.stringFrom(), in.stringTo()));
        } catch (IllegalArgumentException e) {
            throw bad("data_base64 is not base64");
        }
    }

    private void readEncryption() throws BadBodyException {
        String alg = null;
        String kid = null;
        String iv = null;
        in.beginObject();
        while (in.nextMember()) {
            switch (in.name()) {
                case "alg" -> alg = in.string();
                case "kid" -> kid = in.string();
                case "iv" -> iv = in.string();
                default -> in.skipValue();
            }
        }
        encryption = new Encryption(alg, kid, iv);
    }

    static AggregateId aggregate(String text) throws BadBodyException {
        int slash = text.indexOf('/');
        require(slash > 0, "an aggregate without a slash");
        return new AggregateId(text.substring(0, slash), text.substring(slash + 1));
    }

    private static long millis(String time) throws BadBodyException {
        try {
            return time == null ? 0 : Instant.parse(time).toEpochMilli();
        } catch (DateTimeException e) {
            throw bad("recordedAt is not a time");
        }
    }

    static void require(boolean holds, String detail) throws BadBodyException {
        if (!holds) {
            throw bad(detail);
        }
    }

    private static BadBodyException bad(String detail) {
        return new BadBodyException(Problem.badRequest("", detail));
    }
}

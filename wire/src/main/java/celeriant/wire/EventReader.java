package celeriant.wire;

import celeriant.model.AggregateId;
import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.Limits;
import celeriant.model.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Reads the events of one append ("Events" in PROTOCOL). What is wrong inside them is an {@link EventFault}, what is no
 * JSON a {@link BadBodyException}. Confined to one thread; reused from append to append.
 */
final class EventReader {
    /** A media type, longer than any registered one. */
    static final int CONTENT_TYPE_CHARS_MAX = 255;

    /** Each of an event's encryption fields, in UTF-8. */
    static final int ENCRYPTION_FIELD_BYTES_MAX = 512;

    private final byte[] bytes;
    private final JsonReader in;
    private final Limits limits;
    private final AggregateId fixedAggregate;

    private int index;
    private int seen;
    private UUID id;
    private AggregateId aggregate;
    private AggregateId lastAggregate;
    private String lastType;
    private String type;
    private String typeVersion;
    private String key;
    private EventData.Form form;
    private byte[] data;
    private String contentType;
    private String time;
    private Encryption encryption;

    /** @param fixedAggregate where all events go (the short form), or null if each names its own */
    EventReader(byte[] bytes, JsonReader in, Limits limits, AggregateId fixedAggregate) {
        this.bytes = bytes;
        this.in = in;
        this.limits = limits;
        this.fixedAggregate = fixedAggregate;
    }

    /** Reads an array of events. */
    List<Event> readArray() throws BadBodyException, EventFault {
        if (in.peek() != '[') {
            throw EventFault.badRequest("/events", "events is an array of events");
        }
        List<Event> events = new ArrayList<>();
        in.beginArray();
        while (in.nextElement()) {
            if (events.size() == limits.appendEventsMax()) {
                String detail = "an append has at most " + limits.appendEventsMax() + " events";
                throw EventFault.tooLarge("/events", detail, limits.appendEventsMax(), "events");
            }
            events.add(readEvent(events.size()));
        }
        if (events.isEmpty()) {
            throw EventFault.badRequest("/events", "an append has at least one event");
        }
        return events;
    }

    /** Reads one event. */
    Event readEvent(int eventIndex) throws BadBodyException, EventFault {
        clear(eventIndex);
        if (in.peek() != '{') {
            throw EventFault.badRequest("/events/" + index, "an event is an object");
        }
        in.beginObject();
        while (in.nextMember()) {
            readMember(in.name());
        }
        return build();
    }

    private void clear(int eventIndex) {
        index = eventIndex;
        seen = 0;
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
    }

    private void readMember(String name) throws BadBodyException, EventFault {
        int bit = bitOf(name);
        if (bit == 0) {
            in.skipValue();
            return;
        }
        if ((seen & bit) != 0) {
            throw fault(name, name + " is given twice");
        }
        seen |= bit;
        if (name.equals("data")) {
            readData();
        } else if (!in.skipNull()) {
            readValue(name);
        }
    }

    private static int bitOf(String name) {
        return switch (name) {
            case "id" -> 1;
            case "aggregate" -> 1 << 1;
            case "type" -> 1 << 2;
            case "typeVersion" -> 1 << 3;
            case "key" -> 1 << 4;
            case "data" -> 1 << 5;
            case "data_base64" -> 1 << 6;
            case "datacontenttype" -> 1 << 7;
            case "time" -> 1 << 8;
            case "encryption" -> 1 << 9;
            default -> 0;
        };
    }

    private void readValue(String name) throws BadBodyException, EventFault {
        if (name.equals("encryption")) {
            readEncryption();
            return;
        }
        if (in.peek() != '"') {
            throw fault(name, name + " is a string");
        }
        in.scanString();
        switch (name) {
            case "id" -> id = uuid();
            case "aggregate" -> aggregate = aggregate();
            case "type" -> type = type();
            case "typeVersion" -> typeVersion = name(name);
            case "key" -> key = key();
            case "data_base64" -> readBinary();
            case "datacontenttype" -> contentType = contentType();
            case "time" -> time = time();
            default -> throw new IllegalStateException("no reader for " + name);
        }
    }

    private UUID uuid() throws EventFault {
        UUID value = in.isEscaped() ? null : Uuids.parse(bytes, in.stringFrom(), in.stringTo());
        if (value == null) {
            throw fault("id", "id is a UUID such as 0198c0de-7c1e-7000-8000-000000000001");
        }
        return value;
    }

    private AggregateId aggregate() throws BadBodyException, EventFault {
        if (lastAggregate != null && isScanned(lastAggregate)) {
            return lastAggregate;
        }
        String text = in.text();
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw fault("aggregate", "an aggregate is written type/id");
        }
        AggregateId value = new AggregateId(text.substring(0, slash), text.substring(slash + 1));
        if (!Names.isAggregateType(value.type()) || !Names.isName(value.id())) {
            throw fault(
                    "aggregate",
                    "an aggregate is written type/id, each of 1 to 128 characters of A-Z a-z 0-9 . _ ~ - and not"
                            + " beginning with . or ~; types with $ are the system's, and some names are reserved");
        }
        lastAggregate = value;
        return value;
    }

    /** Whether the string that was scanned last is this aggregate: most appends name the same one over and over. */
    private boolean isScanned(AggregateId candidate) {
        int from = in.stringFrom();
        String typeName = candidate.type();
        String idName = candidate.id();
        int length = typeName.length() + 1 + idName.length();
        if (in.stringTo() - from != length || bytes[from + typeName.length()] != '/') {
            return false;
        }
        return equalsAscii(from, typeName) && equalsAscii(from + typeName.length() + 1, idName);
    }

    private boolean equalsAscii(int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The type, the same instance for every event that names the one before: most appends do. */
    private String type() throws BadBodyException, EventFault {
        boolean again = lastType != null
                && in.stringTo() - in.stringFrom() == lastType.length()
                && equalsAscii(in.stringFrom(), lastType);
        if (!again) {
            lastType = name("type");
        }
        return lastType;
    }

    private String name(String field) throws BadBodyException, EventFault {
        String value = in.text();
        if (!Names.isName(value)) {
            throw fault(field, field + " is 1 to 128 characters of A-Z a-z 0-9 . _ ~ - and does not begin with . or ~");
        }
        return value;
    }

    private String key() throws BadBodyException, EventFault {
        String value = in.text();
        int length = Utf8.length(value);
        if (length > limits.keyBytesMax()) {
            String detail = "a key has at most " + limits.keyBytesMax() + " bytes of UTF-8";
            throw EventFault.tooLarge(pointer("key"), detail, limits.keyBytesMax(), "bytes");
        }
        if (length < 1 || value.chars().anyMatch(Character::isISOControl)) {
            throw fault("key", "a key is 1 to " + limits.keyBytesMax() + " bytes of UTF-8 without control characters");
        }
        return value;
    }

    private void readData() throws BadBodyException, EventFault {
        requireOneForm("data");
        byte[] value = in.copyValue();
        if (in.depthOfSkipped() > limits.jsonDepthMax()) {
            String detail = "data nests at most " + limits.jsonDepthMax() + " levels deep";
            throw EventFault.tooLarge(pointer("data"), detail, limits.jsonDepthMax(), "levels");
        }
        form = EventData.Form.JSON;
        data = value;
        checkSize("data");
    }

    private void readBinary() throws BadBodyException, EventFault {
        requireOneForm("data_base64");
        form = EventData.Form.BINARY;
        if (in.isEscaped()) {
            byte[] text = in.text().getBytes(StandardCharsets.UTF_8);
            data = Base64Strict.decode(text, 0, text.length);
        } else {
            data = Base64Strict.decode(bytes, in.stringFrom(), in.stringTo());
        }
        if (data == null) {
            throw fault("data_base64", "data_base64 is base64 (RFC 4648 section 4) with padding, without line breaks");
        }
        checkSize("data_base64");
    }

    private void requireOneForm(String name) throws EventFault {
        if (data != null) {
            throw fault(name, "an event has data or data_base64, not both");
        }
    }

    private void checkSize(String name) throws EventFault {
        if (data.length > limits.eventDataBytesMax()) {
            String detail = "an event's data has at most " + limits.eventDataBytesMax() + " bytes";
            throw EventFault.tooLarge(pointer(name), detail, limits.eventDataBytesMax(), "bytes");
        }
    }

    private String contentType() throws BadBodyException, EventFault {
        String value = in.text();
        boolean printable = value.chars().allMatch(c -> c >= ' ' && c <= '~');
        if (!printable || value.isEmpty() || value.length() > CONTENT_TYPE_CHARS_MAX) {
            throw fault(
                    "datacontenttype",
                    "datacontenttype is a media type of 1 to " + CONTENT_TYPE_CHARS_MAX + " printable characters");
        }
        return value;
    }

    private String time() throws BadBodyException, EventFault {
        String value = in.text();
        if (!Rfc3339.isDateTime(value)) {
            throw fault("time", "time is a date and time as RFC 3339 writes it, such as 2026-01-31T08:15:00.123Z");
        }
        return value;
    }

    private void readEncryption() throws BadBodyException, EventFault {
        if (in.peek() != '{') {
            throw fault("encryption", "encryption is an object with alg, kid and iv");
        }
        String[] values = new String[3];
        in.beginObject();
        while (in.nextMember()) {
            String name = in.name();
            int at = List.of("alg", "kid", "iv").indexOf(name);
            if (at < 0) {
                in.skipValue();
            } else if (values[at] != null) {
                throw fault("encryption/" + name, name + " is given twice");
            } else {
                values[at] = encryptionField(name);
            }
        }
        if (values[0] == null || values[1] == null || values[2] == null) {
            throw fault("encryption", "encryption has alg, kid and iv");
        }
        encryption = new Encryption(values[0], values[1], values[2]);
    }

    private String encryptionField(String name) throws BadBodyException, EventFault {
        String value = in.peek() == '"' ? in.string() : "";
        int length = Utf8.length(value);
        if (length < 1 || length > ENCRYPTION_FIELD_BYTES_MAX || value.chars().anyMatch(Character::isISOControl)) {
            throw fault(
                    "encryption/" + name,
                    name + " is a string of 1 to " + ENCRYPTION_FIELD_BYTES_MAX
                            + " bytes of UTF-8 without control characters");
        }
        return value;
    }

    private Event build() throws EventFault {
        if (fixedAggregate != null) {
            if (aggregate != null && !aggregate.equals(fixedAggregate)) {
                throw fault("aggregate", "the path names " + fixedAggregate + ": leave aggregate out");
            }
            aggregate = fixedAggregate;
        }
        if (aggregate == null) {
            throw fault("aggregate", "aggregate is missing");
        }
        if (type == null) {
            throw fault("type", "type is missing");
        }
        if (data == null) {
            throw fault("data", "an event has data (any JSON, null too) or data_base64");
        }
        EventData payload = new EventData(form, data, contentType);
        return new Event(id, aggregate, type, typeVersion, key, payload, time, encryption);
    }

    private EventFault fault(String field, String detail) {
        return EventFault.badRequest(pointer(field), detail);
    }

    private String pointer(String field) {
        return "/events/" + index + "/" + field;
    }
}

package celeriant.log.embedded.record;

import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.HashChain;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.RejectionRecord;
import celeriant.log.sequencer.SnapshotRecord;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Reads the body of a record whose check was right; the shapes stand in {@link RecordEncoder}. One object per record,
 * confined to one thread.
 */
public final class RecordDecoder {
    /** The type that an event shows whose content was removed; no reader is shown it. */
    public static final String REMOVED_TYPE = "$removed";

    private static final UUID REMOVED_ID = new UUID(0, 0);
    private static final EventData REMOVED_DATA = EventData.binary(new byte[0]);

    private final RecordBytes record;
    private final ByteReader in;
    private String[] names;
    private AggregateId[] aggregates;
    private long[] nextVersions;
    private int flags;
    private long idHigh;
    private long idLow;
    private int aggregate;
    private String eventType;
    private int removedBytes;

    private RecordDecoder(RecordBytes record) {
        this.record = record;
        this.in = record.body();
    }

    /** @throws CorruptLogException if it makes no sense although its check was right */
    public static LogRecord decode(RecordBytes record) {
        try {
            RecordDecoder decoder = new RecordDecoder(record);
            return switch (record.kind()) {
                case APPEND -> decoder.append();
                case REJECTION -> decoder.rejection();
                case SNAPSHOT -> decoder.snapshot();
                case SEAL, REMOVED -> throw new IllegalArgumentException("it holds nothing");
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new CorruptLogException(
                    CorruptLogException.at(record.place(), "the record cannot be read")
                            .getMessage(),
                    e);
        }
    }

    /** Whether an event's content was removed: it was trimmed or deleted, and no reader is shown it. */
    public static boolean isRemoved(RecordedEvent recorded) {
        return recorded.event().type().equals(REMOVED_TYPE);
    }

    /** Whether an event is wanted, as far as can be told before all of it is read. */
    public interface Wanted {
        /** @param eventType {@link #REMOVED_TYPE} if its content was removed */
        boolean test(AggregateId aggregate, long version, String eventType);
    }

    /** The events of an append that are wanted, the others passed over. */
    public static List<RecordedEvent> decodeEvents(RecordBytes record, Wanted wanted) {
        try {
            return new RecordDecoder(record).events(wanted);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new CorruptLogException(
                    CorruptLogException.at(record.place(), "the record cannot be read")
                            .getMessage(),
                    e);
        }
    }

    private AppendRecord append() {
        String org = in.text();
        byte[] hash = in.bytes(HashChain.BYTES);
        ClientId client = new ClientId(in.text());
        int clientEventCount = (int) in.varint();
        readNames();
        readAggregates();
        int count = record.eventCount();
        List<RecordedEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            readEventHead();
            events.add(event(client, record.position() + i));
        }
        return new AppendRecord(
                org, client, record.sequence(), record.id(), record.recordedAt(), events, clientEventCount, hash);
    }

    private List<RecordedEvent> events(Wanted wanted) {
        in.skipText();
        in.skip(HashChain.BYTES);
        ClientId client = new ClientId(in.text());
        in.varint();
        readNames();
        readAggregates();
        int count = record.eventCount();
        List<RecordedEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            readEventHead();
            if (wanted.test(aggregates[aggregate], nextVersions[aggregate], eventType)) {
                events.add(event(client, record.position() + i));
            } else {
                skipEvent();
            }
        }
        return events;
    }

    /** Reads an event up to what tells whether it is wanted. */
    private void readEventHead() {
        flags = in.readByte();
        if (isRemoved()) {
            removedBytes = in.readInt();
            aggregate = (int) in.varint();
            eventType = REMOVED_TYPE;
        } else {
            idHigh = in.readLong();
            idLow = in.readLong();
            aggregate = (int) in.varint();
            eventType = name();
        }
    }

    private boolean isRemoved() {
        return (flags & RecordEncoder.REMOVED) != 0;
    }

    private void skipEvent() {
        nextVersions[aggregate]++;
        if (isRemoved()) {
            in.skip(removedBytes);
            return;
        }
        if ((flags & RecordEncoder.TYPE_VERSION) != 0) {
            in.varint();
        }
        if ((flags & RecordEncoder.CONTENT_TYPE) != 0) {
            in.varint();
        }
        if ((flags & RecordEncoder.ENCRYPTION) != 0) {
            in.varint();
            in.varint();
            in.skipText();
        }
        if ((flags & RecordEncoder.KEY) != 0) {
            in.skipText();
        }
        if ((flags & RecordEncoder.TIME) != 0) {
            in.skipText();
        }
        in.skipText();
    }

    private void readNames() {
        names = new String[in.count()];
        for (int i = 0; i < names.length; i++) {
            names[i] = in.text();
        }
    }

    private void readAggregates() {
        int count = in.count();
        aggregates = new AggregateId[count];
        nextVersions = new long[count];
        for (int i = 0; i < count; i++) {
            aggregates[i] = new AggregateId(name(), name());
            nextVersions[i] = in.varint();
        }
    }

    private String name() {
        return names[(int) in.varint()];
    }

    private RecordedEvent event(ClientId client, long position) {
        Event event = isRemoved() ? removed() : content();
        long version = nextVersions[aggregate]++;
        return new RecordedEvent(event, version, position, client, record.id(), record.sequence(), record.recordedAt());
    }

    private Event removed() {
        in.skip(removedBytes);
        return new Event(REMOVED_ID, aggregates[aggregate], REMOVED_TYPE, null, null, REMOVED_DATA, null, null);
    }

    private Event content() {
        String typeVersion = (flags & RecordEncoder.TYPE_VERSION) == 0 ? null : name();
        String contentType = (flags & RecordEncoder.CONTENT_TYPE) == 0 ? null : name();
        Encryption encryption =
                (flags & RecordEncoder.ENCRYPTION) == 0 ? null : new Encryption(name(), name(), in.text());
        String key = (flags & RecordEncoder.KEY) == 0 ? null : in.text();
        String time = (flags & RecordEncoder.TIME) == 0 ? null : in.text();
        EventData.Form form = (flags & RecordEncoder.BINARY) == 0 ? EventData.Form.JSON : EventData.Form.BINARY;
        EventData data = new EventData(form, in.bytes(in.count()), contentType);
        UUID id = new UUID(idHigh, idLow);
        return new Event(id, aggregates[aggregate], eventType, typeVersion, key, data, time, encryption);
    }

    private RejectionRecord rejection() {
        String org = in.text();
        ClientId client = new ClientId(in.text());
        return new RejectionRecord(
                org, client, record.sequence(), record.id(), record.recordedAt(), ProblemFields.read(in));
    }

    private SnapshotRecord snapshot() {
        String org = in.text();
        AggregateId aggregate = new AggregateId(in.text(), in.text());
        long version = in.varint();
        String contentType = in.text();
        return new SnapshotRecord(org, aggregate, version, contentType, in.bytes(in.count()), record.recordedAt());
    }
}

package celeriant.log.embedded.record;

import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.RejectionRecord;
import celeriant.log.sequencer.SnapshotRecord;
import celeriant.model.AggregateId;
import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes records; {@link RecordFormat} draws their head. A record's names stand in it once, in a table that its events
 * point into: a thousand events of one type hold its name once.
 *
 * <pre>
 * append     hash 32 | client text | clientEventCount varint | names varint, text* | aggregates varint, aggregate*
 *            | event* (as many as the head says)
 * aggregate  type name | id name | version of its first event here varint (the next ones follow without gaps)
 * event      flags u8 | id 16 | aggregate varint (its number in the table) | type name
 *            | [typeVersion name] | [contentType name] | [alg name | kid name | iv text] | [key text] | [time text]
 *            | data varint length, bytes
 * flags      1 typeVersion, 2 contentType, 4 encryption, 8 key, 16 time, 32 binary data, 64 removed
 * removed    an event whose content was trimmed or deleted away: flags u8 | bytes to skip u32 | aggregate varint
 *            | zeros
 * rejection  client text | error number varint | detail text | fields (see {@link ProblemFields})
 * snapshot   aggregate type text | id text | version varint | contentType text | data varint length, bytes
 * name       varint, its number in the table     text  varint length, UTF-8     varint  7 bits a byte, low ones first
 * </pre>
 *
 * Confined to the writer thread.
 */
public final class RecordEncoder {
    public static final int TYPE_VERSION = 1;
    public static final int CONTENT_TYPE = 2;
    public static final int ENCRYPTION = 4;
    public static final int KEY = 8;
    public static final int TIME = 16;
    public static final int BINARY = 32;
    public static final int REMOVED = 64;

    private final Map<String, Integer> names = new HashMap<>();
    private final Map<AggregateId, Integer> aggregates = new HashMap<>();

    /** The names of the event before in this record, and their numbers: the next event mostly has the same. */
    private String latestType;

    private int latestTypeNumber;
    private AggregateId latestAggregate;
    private int latestAggregateNumber;
    private final ByteWriter nameTable = new ByteWriter();
    private final ByteWriter aggregateTable = new ByteWriter();

    /**
     * Appends a record to {@code out}, complete but for its check.
     *
     * @param previous place of the client's settled append before this one
     * @param groupBack bytes back to its group's first record
     * @return its length
     */
    public int encode(LogRecord record, long previous, int groupBack, ByteWriter out) {
        int start = out.size();
        switch (record) {
            case AppendRecord append -> {
                head(out, RecordFormat.Kind.APPEND, append.recordedAtMillis());
                identity(out, start, previous, append.sequence(), append.firstPosition(), append.id());
                out.overwriteShort(start + RecordFormat.EVENTS, append.events().size());
                out.text(append.org());
                appendBody(append, out);
            }
            case RejectionRecord rejection -> {
                head(out, RecordFormat.Kind.REJECTION, rejection.recordedAtMillis());
                identity(out, start, previous, rejection.sequence(), 0, rejection.id());
                out.text(rejection.org());
                out.text(rejection.client().value());
                ProblemFields.write(rejection.problem(), out);
            }
            case SnapshotRecord snapshot -> {
                head(out, RecordFormat.Kind.SNAPSHOT, snapshot.recordedAtMillis());
                out.text(snapshot.org());
                snapshotBody(snapshot, out);
            }
        }
        return finish(out, start, groupBack);
    }

    /** Appends the record that ends a segment. */
    public static int encodeSeal(ByteWriter out, long nowMillis) {
        int start = out.size();
        head(out, RecordFormat.Kind.SEAL, nowMillis);
        return finish(out, start, 0);
    }

    private static void head(ByteWriter out, RecordFormat.Kind kind, long recordedAtMillis) {
        int start = out.size();
        out.zeros(RecordFormat.HEAD_BYTES);
        out.overwriteByte(start + RecordFormat.FORMAT_AT, RecordFormat.FORMAT);
        out.overwriteByte(start + RecordFormat.KIND, kind.number);
        out.overwriteLong(start + RecordFormat.RECORDED_AT, recordedAtMillis);
    }

    private static void identity(ByteWriter out, int start, long previous, long sequence, long position, UUID id) {
        out.overwriteLong(start + RecordFormat.PREVIOUS, previous);
        out.overwriteLong(start + RecordFormat.SEQUENCE, sequence);
        out.overwriteLong(start + RecordFormat.POSITION, position);
        out.overwriteLong(start + RecordFormat.ID, id.getMostSignificantBits());
        out.overwriteLong(start + RecordFormat.ID + Long.BYTES, id.getLeastSignificantBits());
    }

    private static int finish(ByteWriter out, int start, int groupBack) {
        int length = RecordFormat.aligned(out.size() - start);
        out.zeros(length - (out.size() - start));
        out.overwriteInt(start + RecordFormat.LENGTH, length);
        out.overwriteInt(start + RecordFormat.GROUP_BACK, groupBack);
        return length;
    }

    private void appendBody(AppendRecord append, ByteWriter out) {
        List<RecordedEvent> recorded = append.events();
        fillTables(recorded);
        out.bytes(append.hash());
        out.text(append.client().value());
        out.varint(append.clientEventCount());
        out.varint(names.size());
        out.bytes(nameTable);
        out.varint(aggregates.size());
        out.bytes(aggregateTable);
        for (int i = 0; i < recorded.size(); i++) {
            event(recorded.get(i), out);
        }
    }

    /** Before the events are written, for the tables stand before them, and data that lies there is not moved again. */
    private void fillTables(List<RecordedEvent> recorded) {
        names.clear();
        aggregates.clear();
        nameTable.clear();
        aggregateTable.clear();
        latestType = null;
        latestAggregate = null;
        for (int i = 0; i < recorded.size(); i++) {
            Event event = recorded.get(i).event();
            know(event.aggregate(), recorded.get(i).version());
            know(event.type());
            if (event.typeVersion() != null) {
                name(event.typeVersion());
            }
            if (event.data().contentType() != null) {
                name(event.data().contentType());
            }
            if (event.encryption() != null) {
                name(event.encryption().alg());
                name(event.encryption().kid());
            }
        }
    }

    private int know(AggregateId aggregate, long version) {
        if (!aggregate.equals(latestAggregate)) {
            latestAggregate = aggregate;
            latestAggregateNumber = aggregate(aggregate, version);
        }
        return latestAggregateNumber;
    }

    private int know(String type) {
        if (!type.equals(latestType)) {
            latestType = type;
            latestTypeNumber = name(type);
        }
        return latestTypeNumber;
    }

    private void event(RecordedEvent recorded, ByteWriter out) {
        Event event = recorded.event();
        EventData data = event.data();
        Encryption encryption = event.encryption();
        out.putByte((event.typeVersion() == null ? 0 : TYPE_VERSION)
                | (data.contentType() == null ? 0 : CONTENT_TYPE)
                | (encryption == null ? 0 : ENCRYPTION)
                | (event.key() == null ? 0 : KEY)
                | (event.time() == null ? 0 : TIME)
                | (data.form() == EventData.Form.BINARY ? BINARY : 0));
        out.putLong(event.id().getMostSignificantBits());
        out.putLong(event.id().getLeastSignificantBits());
        out.varint(know(event.aggregate(), recorded.version()));
        out.varint(know(event.type()));
        if (event.typeVersion() != null) {
            out.varint(name(event.typeVersion()));
        }
        if (data.contentType() != null) {
            out.varint(name(data.contentType()));
        }
        if (encryption != null) {
            out.varint(name(encryption.alg()));
            out.varint(name(encryption.kid()));
            out.text(encryption.iv());
        }
        if (event.key() != null) {
            out.text(event.key());
        }
        if (event.time() != null) {
            out.text(event.time());
        }
        out.varint(data.bytes().length);
        out.bytes(data.bytes());
    }

    private int aggregate(AggregateId aggregate, long version) {
        Integer known = aggregates.get(aggregate);
        if (known != null) {
            return known;
        }
        aggregateTable.varint(name(aggregate.type()));
        aggregateTable.varint(name(aggregate.id()));
        aggregateTable.varint(version);
        aggregates.put(aggregate, aggregates.size());
        return aggregates.size() - 1;
    }

    private int name(String name) {
        Integer known = names.get(name);
        if (known != null) {
            return known;
        }
        nameTable.text(name);
        names.put(name, names.size());
        return names.size() - 1;
    }

    private static void snapshotBody(SnapshotRecord snapshot, ByteWriter out) {
        out.text(snapshot.aggregate().type());
        out.text(snapshot.aggregate().id());
        out.varint(snapshot.version());
        out.text(snapshot.contentType());
        out.varint(snapshot.data().length);
        out.bytes(snapshot.data());
    }
}

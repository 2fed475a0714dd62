package celeriant.log.embedded.commit;

import celeriant.log.embedded.index.ClientEntry;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordEncoder;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.RejectionRecord;
import celeriant.log.sequencer.SnapshotRecord;
import celeriant.model.ClientId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The records that the next write makes durable together, encoded. Confined to the writer thread. */
final class Group {
    private record Writer(String org, ClientId client) {}

    private final Index index;
    private final RecordEncoder encoder = new RecordEncoder();
    private final ByteWriter bytes = new ByteWriter();
    private final List<LogRecord> records = new ArrayList<>();
    private final Map<Writer, Long> lastPlaces = new HashMap<>();
    private int lastStart;

    Group(Index index) {
        this.index = index;
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    int bytes() {
        return bytes.size();
    }

    /** Encodes a record behind the others. @param start the place where the group will be; @return its length */
    int add(LogRecord record, long start) {
        lastStart = bytes.size();
        Writer writer = writerOf(record);
        int length = encoder.encode(record, writer == null ? 0 : previous(writer), lastStart, bytes);
        records.add(record);
        if (writer != null) {
            lastPlaces.put(writer, start + lastStart);
        }
        return length;
    }

    /** Only a record with a sequence has a place in its client's row. */
    private static Writer writerOf(LogRecord record) {
        return switch (record) {
            case AppendRecord append when append.sequence() > 0 -> new Writer(append.org(), append.client());
            case AppendRecord append -> null;
            case RejectionRecord rejection -> new Writer(rejection.org(), rejection.client());
            case SnapshotRecord snapshot -> null;
        };
    }

    private long previous(Writer writer) {
        Long inGroup = lastPlaces.get(writer);
        if (inGroup != null) {
            return inGroup;
        }
        ClientEntry entry = index.clientEntry(writer.org, writer.client);
        return entry == null ? 0 : entry.place();
    }

    /** Takes the last one out again: it does not fit. The group must be written before more is added. */
    void removeLast() {
        records.removeLast();
        bytes.cut(lastStart);
    }

    ByteBuffer view() {
        return bytes.view();
    }

    /** Hands out the records with their bytes, which were written at {@code start}. */
    void forEach(long start, BiConsumer<LogRecord, RecordBytes> action) {
        ByteBuffer view = bytes.view();
        int at = 0;
        for (LogRecord record : records) {
            int length = view.getInt(at + RecordFormat.LENGTH);
            action.accept(record, new RecordBytes(view.array(), at, length, start + at));
            at += length;
        }
    }

    /** Empties the group. @return what was in it */
    List<LogRecord> takeRecords() {
        List<LogRecord> taken = List.copyOf(records);
        records.clear();
        lastPlaces.clear();
        bytes.clear();
        return taken;
    }
}

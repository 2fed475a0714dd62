package celeriant.log.embedded.commit;

import celeriant.log.OutcomeUnknownException;
import celeriant.log.embedded.index.ClientEntry;
import celeriant.log.embedded.index.Index;
import celeriant.log.embedded.record.ByteWriter;
import celeriant.log.embedded.record.RecordBytes;
import celeriant.log.embedded.record.RecordEncoder;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.Decision;
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

/**
 * The writes that one sync makes durable together: their records, encoded, and their answers. Confined to the writer
 * thread, but for the bytes while they are written.
 */
final class Group {
    private record Writer(String org, ClientId client) {}

    private final Index index;
    private final RecordEncoder encoder = new RecordEncoder();
    private final ByteWriter bytes = new ByteWriter();
    private final List<LogRecord> records = new ArrayList<>();
    private final List<Answer<?>> answers = new ArrayList<>();
    private final Map<Writer, Long> lastPlaces = new HashMap<>();
    private Group before;
    private long payloadBytes;
    private int lastStart;
    private long lastPrevious;
    private long place;
    private long tookNanos;

    /** What a write is answered once the group is durable. */
    record Answer<T>(PendingWrite<T> write, Decision<T> decision) {
        void give() {
            if (decision.failure() != null) {
                write.answer().completeExceptionally(decision.failure());
            } else {
                write.answer().complete(decision.answer());
            }
        }

        /** Whether it is durable is not known. */
        void fail(OutcomeUnknownException unknown) {
            write.answer().completeExceptionally(unknown);
        }
    }

    Group(Index index) {
        this.index = index;
    }

    /** An empty one of the same log. */
    Group another() {
        return new Group(index);
    }

    /** @param newBefore the group before it, as long as that is not in the index; null then */
    void follow(Group newBefore) {
        before = newBefore;
    }

    /** Whether it has nothing to write. */
    boolean isEmpty() {
        return records.isEmpty();
    }

    <T> void answer(PendingWrite<T> write, Decision<T> decision) {
        answers.add(new Answer<>(write, decision));
        payloadBytes += write.payloadBytes();
    }

    List<Answer<?>> answers() {
        return answers;
    }

    /** Payload of the writes that it answers. */
    long payloadBytes() {
        return payloadBytes;
    }

    int bytes() {
        return bytes.size();
    }

    /**
     * Encodes a record behind the others.
     *
     * @param start the place where the group will be
     * @return its length
     * @throws UnwritableRecordException if it cannot be one; the group is as it was
     */
    int add(LogRecord record, long start) {
        lastStart = bytes.size();
        Writer writer = writerOf(record);
        lastPrevious = writer == null ? 0 : previous(writer);
        int length = encode(record);
        records.add(record);
        if (writer != null) {
            lastPlaces.put(writer, start + lastStart);
        }
        return length;
    }

    private int encode(LogRecord record) {
        int length;
        try {
            length = encoder.encode(record, lastPrevious, lastStart, bytes);
        } catch (RuntimeException e) {
            bytes.cut(lastStart);
            throw new UnwritableRecordException("what was decided cannot be written: " + e, e);
        }
        if (!RecordFormat.isLength(length)) {
            bytes.cut(lastStart);
            throw new UnwritableRecordException("a record of " + length + " bytes is longer than one may be", null);
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
        if (inGroup == null && before != null) {
            inGroup = before.lastPlaces.get(writer);
        }
        if (inGroup != null) {
            return inGroup;
        }
        ClientEntry entry = index.clientEntry(writer.org, writer.client);
        return entry == null ? 0 : entry.place();
    }

    /** Takes the last one out again: it does not fit. The group must be written before more is added. */
    void removeLast() {
        Writer writer = writerOf(records.removeLast());
        if (writer != null) {
            lastPlaces.put(writer, lastPrevious);
        }
        bytes.cut(lastStart);
    }

    /** It is complete. @param start the place where it will be @return its bytes */
    ByteBuffer placedAt(long start) {
        place = start;
        return bytes.view();
    }

    /** It was written and synced; called by the thread that did so. */
    void took(long nanos) {
        tookNanos = nanos;
    }

    long tookNanos() {
        return tookNanos;
    }

    /** Hands out the records with their bytes, which were written. */
    void forEach(BiConsumer<LogRecord, RecordBytes> action) {
        ByteBuffer view = bytes.view();
        int at = 0;
        for (LogRecord record : records) {
            int length = view.getInt(at + RecordFormat.LENGTH);
            action.accept(record, new RecordBytes(view.array(), at, length, place + at));
            at += length;
        }
    }

    List<LogRecord> records() {
        return records;
    }

    void clear() {
        records.clear();
        answers.clear();
        lastPlaces.clear();
        bytes.clear();
        payloadBytes = 0;
        before = null;
    }
}

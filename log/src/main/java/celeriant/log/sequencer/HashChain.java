package celeriant.log.sequencer;

import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.RecordedEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;

/**
 * The SHA-256 chain of an org: one digest per append, so that a log that was tampered with, or restored from an older
 * state, is found out by whoever remembers a position and its hash. The bytes are defined here and not by an engine's
 * file format: the same history has the same hashes on every engine.
 *
 * <pre>
 * hash(n)  = SHA-256( hash(n-1) | append(n) )        hash(0) = 32 zero bytes
 * append   = format:byte=1 | org:text | client:text | sequence:long | id:uuid | recordedAtMillis:long
 *          | firstPosition:long | clientEventCount:int | eventCount:int | event*
 * event    = version:long | id:uuid | aggregateType:text | aggregateId:text | type:text | typeVersion:text | key:text
 *          | time:text | form:byte | contentType:text | alg:text | kid:text | iv:text | data:int length, bytes
 * text     = int length in bytes, UTF-8; absent: length -1          int, long: big-endian
 * </pre>
 *
 * Rejections and snapshots have no position and are not in it. Confined to one thread (it keeps its digest).
 */
public final class HashChain {
    /** Length of a hash. */
    public static final int BYTES = 32;

    private static final byte FORMAT = 1;
    private static final int BUFFER_BYTES = 4096;

    private final MessageDigest digest;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

    /** The latest event's names, and their bytes: the next event mostly has the same. */
    private final String[] names = new String[3];

    private final byte[][] nameBytes = new byte[names.length][];

    public HashChain() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The hash after {@code record}, whose own {@link AppendRecord#hash} is not looked at: to verify a chain. */
    public byte[] next(byte[] previous, AppendRecord record) {
        return next(previous, record.org(), record.client().value(), record.clientEventCount(), record.events());
    }

    byte[] next(byte[] previous, String org, String client, int clientEventCount, List<RecordedEvent> events) {
        RecordedEvent first = events.get(0);
        putBytes(previous);
        room(1).put(FORMAT);
        putText(org);
        putText(client);
        putLong(first.sequence());
        putUuid(first.append());
        putLong(first.recordedAtMillis());
        putLong(first.position());
        putInt(clientEventCount);
        putInt(events.size());
        for (RecordedEvent recorded : events) {
            putEvent(recorded);
        }
        drain();
        return digest.digest();
    }

    private void putEvent(RecordedEvent recorded) {
        Event event = recorded.event();
        putLong(recorded.version());
        putUuid(event.id());
        putName(0, event.aggregate().type());
        putName(1, event.aggregate().id());
        putName(2, event.type());
        putText(event.typeVersion());
        putText(event.key());
        putText(event.time());
        room(1).put((byte) event.data().form().number());
        putText(event.data().contentType());
        Encryption encryption = event.encryption();
        putText(encryption == null ? null : encryption.alg());
        putText(encryption == null ? null : encryption.kid());
        putText(encryption == null ? null : encryption.iv());
        putInt(event.data().bytes().length);
        putBytes(event.data().bytes());
    }

    private void putText(String text) {
        if (text == null) {
            putInt(-1);
        } else {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            putInt(utf8.length);
            putBytes(utf8);
        }
    }

    private void putName(int number, String name) {
        if (!name.equals(names[number])) {
            names[number] = name;
            nameBytes[number] = name.getBytes(StandardCharsets.UTF_8);
        }
        byte[] utf8 = nameBytes[number];
        putInt(utf8.length);
        putBytes(utf8);
    }

    private void putUuid(UUID id) {
        room(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private void putLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    private void putInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    private void putBytes(byte[] bytes) {
        if (bytes.length <= BUFFER_BYTES) {
            room(bytes.length).put(bytes);
        } else {
            drain();
            digest.update(bytes);
        }
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            drain();
        }
        return buffer;
    }

    private void drain() {
        digest.update(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}

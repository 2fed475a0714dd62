package celeriant.log.embedded.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Takes a record apart, as the format's description draws it. Confined to one thread. */
final class RecordParser {
    static final int APPEND = 1;
    static final int REJECTION = 2;
    static final int SNAPSHOT = 3;
    static final int SEAL = 4;
    static final int REMOVED = 5;

    private static final int NAMES_MAX = 3;
    private static final int HEAD_BYTES = 64;
    private static final int HASH_BYTES = 32;

    /** The head's fields that are checked, and the body by kind. */
    record Parsed(
            int kind,
            int groupBack,
            long recordedAt,
            long previous,
            long sequence,
            long position,
            byte[] id,
            String org,
            String client,
            byte[] hash,
            int clientEvents,
            List<ParsedEvent> events) {
        /** The aggregates that it is of, and its org; empty if it has none. */
        String names() {
            String named = events.stream()
                    .map(event -> event.aggregateType() + "/" + event.aggregateId())
                    .distinct()
                    .limit(NAMES_MAX)
                    .collect(Collectors.joining(", "));
            return named.isEmpty() ? "" : named + " of org " + org;
        }
    }

    /** Texts are null where the event has none. {@code isRemoved}: its content is gone, the rest means nothing. */
    record ParsedEvent(
            boolean isRemoved,
            byte[] id,
            String aggregateType,
            String aggregateId,
            long version,
            String type,
            String typeVersion,
            String key,
            String time,
            int form,
            String contentType,
            String alg,
            String kid,
            String iv,
            byte[] data) {}

    private final ByteBuffer in;
    private String[] names;
    private String[][] aggregates;
    private long[] versions;

    private RecordParser(ByteBuffer record) {
        this.in = record;
    }

    /** @throws RuntimeException if the bytes make no sense */
    static Parsed parse(ByteBuffer record) {
        return new RecordParser(record).parse();
    }

    private Parsed parse() {
        int kind = in.get(9);
        int eventCount = in.getShort(10) & 0xFFFF;
        byte[] id = new byte[16];
        in.get(48, id);
        in.position(HEAD_BYTES);
        String org = kind == SEAL || kind == REMOVED ? "" : text();
        String client = "";
        byte[] hash = new byte[0];
        int clientEvents = 0;
        List<ParsedEvent> events = new ArrayList<>();
        if (kind == APPEND) {
            hash = bytes(HASH_BYTES);
            client = text();
            clientEvents = (int) varint();
            tables();
            for (int i = 0; i < eventCount; i++) {
                events.add(event());
            }
        } else if (kind == REJECTION) {
            client = text();
        }
        return new Parsed(
                kind,
                in.getInt(12),
                in.getLong(16),
                in.getLong(24),
                in.getLong(32),
                in.getLong(40),
                id,
                org,
                client,
                hash,
                clientEvents,
                events);
    }

    private void tables() {
        names = new String[count((int) varint())];
        for (int i = 0; i < names.length; i++) {
            names[i] = text();
        }
        int count = count((int) varint());
        aggregates = new String[count][];
        versions = new long[count];
        for (int i = 0; i < count; i++) {
            aggregates[i] = new String[] {name(), name()};
            versions[i] = varint();
        }
    }

    private ParsedEvent event() {
        int flags = in.get();
        if ((flags & 64) != 0) {
            int rest = in.getInt();
            int aggregate = (int) varint();
            in.position(in.position() + rest);
            String[] named = aggregates[aggregate];
            long version = versions[aggregate]++;
            return new ParsedEvent(
                    true, null, named[0], named[1], version, null, null, null, null, 0, null, null, null, null, null);
        }
        byte[] id = bytes(16);
        int aggregate = (int) varint();
        String type = name();
        String typeVersion = (flags & 1) == 0 ? null : name();
        String contentType = (flags & 2) == 0 ? null : name();
        boolean encrypted = (flags & 4) != 0;
        String alg = encrypted ? name() : null;
        String kid = encrypted ? name() : null;
        String iv = encrypted ? text() : null;
        String key = (flags & 8) == 0 ? null : text();
        String time = (flags & 16) == 0 ? null : text();
        int form = (flags & 32) == 0 ? 1 : 2;
        byte[] data = bytes((int) varint());
        String[] named = aggregates[aggregate];
        long version = versions[aggregate]++;
        return new ParsedEvent(
                false,
                id,
                named[0],
                named[1],
                version,
                type,
                typeVersion,
                key,
                time,
                form,
                contentType,
                alg,
                kid,
                iv,
                data);
    }

    private String name() {
        return names[(int) varint()];
    }

    private String text() {
        return new String(bytes((int) varint()), StandardCharsets.UTF_8);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[count(length)];
        in.get(bytes);
        return bytes;
    }

    /** A damaged record may claim more than there is. */
    private int count(int claimed) {
        if (claimed < 0 || claimed > in.remaining()) {
            throw new IllegalArgumentException("it claims " + claimed + " of what " + in.remaining() + " bytes hold");
        }
        return claimed;
    }

    private long varint() {
        long value = 0;
        int shift = 0;
        byte next = in.get();
        while (next < 0) {
            value |= (long) (next & 0x7F) << shift;
            shift += 7;
            next = in.get();
        }
        return value | (long) next << shift;
    }
}

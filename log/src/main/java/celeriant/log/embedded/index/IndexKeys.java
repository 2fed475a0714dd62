package celeriant.log.embedded.index;

import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * The keys of the index. Names hold no zero byte, so a zero ends one and their order is kept; numbers are big-endian.
 *
 * <pre>
 * A | number 8 | version 8                  an append's first event of an aggregate → {@link EventEntry}
 * C | org 0 client                          {@link ClientEntry}
 * D | group 2 | end 8                      heads of aggregates, see {@link StoredHeads}; the end of the batch's records
 * H | org 0 type 0 id                       {@code AggregateEntry}, see {@link EventEntry}
 * I | bucket 4 | org 0 client 0 | id 16     an append without sequence → place; a bucket is so many days of appends
 * K                                         the key of the hash that {@link StoredHeads} knows names by
 * M | org 0 | position 8                    {@link Run} of records that begins there
 * O | org                                   {@link OrgEntry}
 * R | number 8 | key                        the event that a register is set to: place, version
 * S | org 0 client 0 | sequence 8           every {@link #SEQUENCE_STEP}th append of a client → place
 * T                                         the days for which ids of appends are remembered, 4
 * Z                                         {@code Covered}
 * </pre>
 *
 * An aggregate's number is the place of the record that created it plus its number among that record's aggregates:
 * short, and never used again.
 */
public final class IndexKeys {
    /** Back pointers lead to the appends between. */
    static final int SEQUENCE_STEP = 64;

    private static final byte AGGREGATE_EVENT = 'A';
    private static final byte CLIENT = 'C';
    static final byte HEADS = 'D';
    private static final byte AGGREGATE = 'H';
    private static final byte APPEND_ID = 'I';
    private static final byte NAMES_KEY = 'K';
    private static final byte MERGED = 'M';
    private static final byte ORG = 'O';
    private static final byte REGISTER = 'R';
    private static final byte SEQUENCE = 'S';
    private static final byte APPEND_ID_DAYS = 'T';
    private static final byte COVERED = 'Z';

    private IndexKeys() {}

    public static byte[] event(long aggregateNumber, long version) {
        return new Key(AGGREGATE_EVENT, Long.BYTES * 2)
                .number(aggregateNumber)
                .number(version)
                .done();
    }

    public static long versionOf(byte[] eventKey) {
        return longAt(eventKey, eventKey.length - Long.BYTES);
    }

    public static byte[] client(String org, ClientId client) {
        return named(CLIENT, org, client.value());
    }

    public static byte[] aggregate(String org, AggregateId aggregate) {
        return named(AGGREGATE, org, aggregate.type(), aggregate.id());
    }

    /** Below every aggregate of that type. */
    static byte[] typeStart(String org, String type) {
        return named(AGGREGATE, org, type, "");
    }

    /** Above every aggregate of that type. */
    static byte[] typeEnd(String org, String type) {
        return after(typeStart(org, type));
    }

    /** Below every aggregate of that org. */
    static byte[] aggregatesStart(String org) {
        return named(AGGREGATE, org, "");
    }

    static byte[] aggregatesEnd(String org) {
        return after(aggregatesStart(org));
    }

    static byte[] allAggregatesStart() {
        return new byte[] {AGGREGATE};
    }

    static byte[] allAggregatesEnd() {
        return new byte[] {AGGREGATE + 1};
    }

    static AggregateId aggregateOf(byte[] aggregateKey) {
        int typeAt = indexOfZero(aggregateKey, 1) + 1;
        int idAt = indexOfZero(aggregateKey, typeAt) + 1;
        return new AggregateId(text(aggregateKey, typeAt, idAt - 1), text(aggregateKey, idAt, aggregateKey.length));
    }

    static byte[] appendId(int bucket, String org, ClientId client, UUID id) {
        byte[] orgBytes = utf8(org);
        byte[] clientBytes = utf8(client.value());
        Key key = new Key(APPEND_ID, Integer.BYTES + orgBytes.length + clientBytes.length + 2 + Long.BYTES * 2);
        key.number4(bucket).bytes(orgBytes).zero().bytes(clientBytes).zero();
        return key.number(id.getMostSignificantBits())
                .number(id.getLeastSignificantBits())
                .done();
    }

    /** Below every append id of that bucket and the later ones. */
    static byte[] appendIdsStart(int bucket) {
        return new Key(APPEND_ID, Integer.BYTES).number4(bucket).done();
    }

    static UUID idOf(byte[] appendIdKey) {
        int at = appendIdKey.length - Long.BYTES * 2;
        return new UUID(longAt(appendIdKey, at), longAt(appendIdKey, at + Long.BYTES));
    }

    static int bucketOf(byte[] appendIdKey) {
        return (int) (longAt(appendIdKey, 1) >>> Integer.SIZE);
    }

    public static byte[] merged(String org, long position) {
        byte[] orgBytes = utf8(org);
        return new Key(MERGED, orgBytes.length + 1 + Long.BYTES)
                .bytes(orgBytes)
                .zero()
                .number(position)
                .done();
    }

    static long positionOf(byte[] mergedKey) {
        return longAt(mergedKey, mergedKey.length - Long.BYTES);
    }

    public static byte[] org(String org) {
        return named(ORG, org);
    }

    static byte[] orgsStart() {
        return new byte[] {ORG};
    }

    static byte[] orgsEnd() {
        return new byte[] {ORG + 1};
    }

    static String orgOf(byte[] orgKey) {
        return text(orgKey, 1, orgKey.length);
    }

    public static byte[] register(long aggregateNumber, String key) {
        byte[] keyBytes = utf8(key);
        return new Key(REGISTER, Long.BYTES + keyBytes.length)
                .number(aggregateNumber)
                .bytes(keyBytes)
                .done();
    }

    public static byte[] registersStart(long aggregateNumber) {
        return register(aggregateNumber, "");
    }

    public static byte[] registersEnd(long aggregateNumber) {
        return register(aggregateNumber + 1, "");
    }

    public static String keyOf(byte[] registerKey) {
        return text(registerKey, 1 + Long.BYTES, registerKey.length);
    }

    public static byte[] sequence(String org, ClientId client, long sequence) {
        byte[] orgBytes = utf8(org);
        byte[] clientBytes = utf8(client.value());
        Key key = new Key(SEQUENCE, orgBytes.length + clientBytes.length + 2 + Long.BYTES);
        return key.bytes(orgBytes)
                .zero()
                .bytes(clientBytes)
                .zero()
                .number(sequence)
                .done();
    }

    static byte[] heads(int group, long end) {
        return new Key(HEADS, Short.BYTES + Long.BYTES)
                .bytes(new byte[] {(byte) (group >>> Byte.SIZE), (byte) group})
                .number(end)
                .done();
    }

    static int groupOf(byte[] headsKey) {
        return (headsKey[1] & 0xFF) << Byte.SIZE | headsKey[2] & 0xFF;
    }

    static byte[] namesKey() {
        return new byte[] {NAMES_KEY};
    }

    static byte[] appendIdDays() {
        return new byte[] {APPEND_ID_DAYS};
    }

    public static byte[] covered() {
        return new byte[] {COVERED};
    }

    private static byte[] named(byte table, String... names) {
        int length = names.length - 1;
        byte[][] parts = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            parts[i] = utf8(names[i]);
            length += parts[i].length;
        }
        Key key = new Key(table, length);
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                key.zero();
            }
            key.bytes(parts[i]);
        }
        return key.done();
    }

    /** The key after all that begin with {@code prefix}, which ends with a zero. */
    private static byte[] after(byte[] prefix) {
        byte[] end = prefix.clone();
        end[end.length - 1] = 1;
        return end;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private static int indexOfZero(byte[] bytes, int from) {
        int at = from;
        while (bytes[at] != 0) {
            at++;
        }
        return at;
    }

    private static long longAt(byte[] bytes, int at) {
        long value = 0;
        for (int i = at; i < at + Long.BYTES; i++) {
            value = value << 8 | bytes[i] & 0xFF;
        }
        return value;
    }

    /** A key of known length, filled from its table's letter on. */
    private static final class Key {
        private final byte[] bytes;
        private int at = 1;

        Key(byte table, int length) {
            bytes = new byte[length + 1];
            bytes[0] = table;
        }

        public Key number(long value) {
            for (int shift = Long.SIZE - 8; shift >= 0; shift -= 8) {
                bytes[at++] = (byte) (value >>> shift);
            }
            return this;
        }

        Key number4(int value) {
            for (int shift = Integer.SIZE - 8; shift >= 0; shift -= 8) {
                bytes[at++] = (byte) (value >>> shift);
            }
            return this;
        }

        public Key bytes(byte[] source) {
            System.arraycopy(source, 0, bytes, at, source.length);
            at += source.length;
            return this;
        }

        Key zero() {
            bytes[at++] = 0;
            return this;
        }

        byte[] done() {
            return at == bytes.length ? bytes : Arrays.copyOf(bytes, at);
        }
    }
}

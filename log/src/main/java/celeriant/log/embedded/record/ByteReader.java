package celeriant.log.embedded.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Reads what {@link ByteWriter} wrote. Bytes that end too early throw. Confined to one thread. */
public final class ByteReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public ByteReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    /** Where in the array the next byte is. */
    public int at() {
        return at;
    }

    public int readByte() {
        need(1);
        return bytes[at++] & 0xFF;
    }

    public int readInt() {
        need(Integer.BYTES);
        int value = (int) INT.get(bytes, at);
        at += Integer.BYTES;
        return value;
    }

    public long readLong() {
        need(Long.BYTES);
        long value = (long) LONG.get(bytes, at);
        at += Long.BYTES;
        return value;
    }

    public UUID readUuid() {
        return new UUID(readLong(), readLong());
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IllegalArgumentException("a varint has no end");
    }

    /** A varint that is a count or a length of what is still to come. */
    public int count() {
        long value = varint();
        if (value < 0 || value > end - at) {
            throw new IllegalArgumentException("a count of " + value + " is more than what is left");
        }
        return (int) value;
    }

    public String text() {
        int length = count();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /** Passes over a text, or over bytes that are written like one. */
    public void skipText() {
        int length = count();
        at += length;
    }

    public byte[] bytes(int length) {
        need(length);
        byte[] copy = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return copy;
    }

    public void skip(int count) {
        need(count);
        at += count;
    }

    private void need(int count) {
        if (count < 0 || end - at < count) {
            throw new IllegalArgumentException("bytes end too early");
        }
    }
}

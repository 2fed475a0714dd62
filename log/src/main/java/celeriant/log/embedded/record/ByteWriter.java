package celeriant.log.embedded.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow as they are written, big-endian, kept for the next use. Confined to one thread. */
public final class ByteWriter {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int BYTES_AT_FIRST = 4096;
    public static final int VARINT_BYTES_MAX = 10;

    private byte[] bytes;
    private int size;

    public ByteWriter() {
        this(BYTES_AT_FIRST);
    }

    public ByteWriter(int bytesAtFirst) {
        bytes = new byte[bytesAtFirst];
    }

    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
    }

    /** Forgets what was written from {@code newSize} on. */
    public void cut(int newSize) {
        size = newSize;
    }

    /** The bytes that were written; a view that the next write may replace. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    public byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }

    public void putByte(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    public void putInt(int value) {
        room(Integer.BYTES);
        INT.set(bytes, size, value);
        size += Integer.BYTES;
    }

    public void putLong(long value) {
        room(Long.BYTES);
        LONG.set(bytes, size, value);
        size += Long.BYTES;
    }

    public void varint(long value) {
        room(VARINT_BYTES_MAX);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    public void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        bytes(utf8);
    }

    public void bytes(byte[] source) {
        bytes(source, source.length);
    }

    public void bytes(ByteWriter source) {
        bytes(source.bytes, source.size);
    }

    private void bytes(byte[] source, int length) {
        room(length);
        System.arraycopy(source, 0, bytes, size, length);
        size += length;
    }

    public void zeros(int count) {
        room(count);
        Arrays.fill(bytes, size, size + count, (byte) 0);
        size += count;
    }

    void overwriteByte(int at, int value) {
        bytes[at] = (byte) value;
    }

    void overwriteShort(int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    public void overwriteInt(int at, int value) {
        INT.set(bytes, at, value);
    }

    void overwriteLong(int at, long value) {
        LONG.set(bytes, at, value);
    }

    private void room(int count) {
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + count));
        }
    }
}

package celeriant.log.embedded.heads;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Heads one behind the other, each as {@link HeadSlot} draws it, behind a byte that says what they are: for the index
 * to keep. Confined to one thread.
 */
public final class PackedHeads {
    private static final int FIRST = 1;
    private static final int SLOTS_AT_FIRST = 8;

    private byte[] bytes = new byte[FIRST + SLOTS_AT_FIRST * HeadSlot.BYTES];
    private int size = FIRST;

    /** @param kind the first byte */
    public PackedHeads(int kind) {
        bytes[0] = (byte) kind;
    }

    public void add(KeyedHash.Hash name, AggregateEntry entry) {
        room(HeadSlot.BYTES);
        HeadSlot.write(MemorySegment.ofArray(bytes), size, name, entry);
        size += HeadSlot.BYTES;
    }

    /** Adds a slot of the table. */
    void add(MemorySegment slab, long at) {
        MemorySegment.copy(slab, at, MemorySegment.ofArray(bytes), size, HeadSlot.BYTES);
        size += HeadSlot.BYTES;
    }

    /** Makes room for so many more. */
    void expect(int slots) {
        room(slots * HeadSlot.BYTES);
    }

    private void room(int wanted) {
        if (bytes.length - size < wanted) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + wanted));
        }
    }

    /** Of the heads alone. */
    public int headBytes() {
        return size - FIRST;
    }

    public byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** What they are. */
    public static int kind(byte[] packed) {
        return packed[0];
    }

    /** Bytes of the heads alone. */
    public static int headBytes(byte[] packed) {
        return packed.length - FIRST;
    }

    static void forEach(byte[] packed, SlotAction action) {
        MemorySegment slots = MemorySegment.ofArray(packed);
        for (long at = FIRST; at + HeadSlot.BYTES <= packed.length; at += HeadSlot.BYTES) {
            action.take(slots, at);
        }
    }

    /** Takes a slot. */
    interface SlotAction {
        void take(MemorySegment slots, long at);
    }
}

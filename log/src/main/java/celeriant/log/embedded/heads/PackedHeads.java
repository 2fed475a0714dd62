package celeriant.log.embedded.heads;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Heads for the index to keep, behind a byte that says how: {@link #changes} and {@link #group} are slots one behind
 * the other, each as {@link HeadSlot} draws it. {@link #groupOfTables} is the tables of a group as they are in memory,
 * which are put back without a look at each of their slots; of each, little-endian:
 *
 * <pre>
 * taken   u32
 * chunks  u32
 * slots   so many chunks, free ones among them
 * </pre>
 *
 * <p>Confined to one thread.
 */
public final class PackedHeads {
    /** What they are. The numbers are never reused. */
    private static final int GROUP = 1;

    private static final int CHANGES = 2;
    private static final int GROUP_OF_TABLES = 3;

    private static final int FIRST = 1;
    private static final int SLOTS_AT_FIRST = 8;
    private static final int TABLE_HEAD_BYTES = 8;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int size = FIRST;

    private PackedHeads(int kind, int headBytes) {
        bytes = new byte[FIRST + headBytes];
        bytes[0] = (byte) kind;
    }

    /** Some heads of a group, to go over what there is of it. */
    public static PackedHeads changes() {
        return new PackedHeads(CHANGES, SLOTS_AT_FIRST * HeadSlot.BYTES);
    }

    /** A whole group. */
    static PackedHeads group() {
        return new PackedHeads(GROUP, SLOTS_AT_FIRST * HeadSlot.BYTES);
    }

    /**
     * A whole group that is large enough for its free slots not to matter.
     *
     * @param tables how many
     * @param chunks of all of them
     */
    static PackedHeads groupOfTables(int tables, int chunks) {
        return new PackedHeads(GROUP_OF_TABLES, tables * TABLE_HEAD_BYTES + chunks * HeadTable.CHUNK_BYTES);
    }

    public void add(KeyedHash.Hash name, AggregateEntry entry) {
        room(HeadSlot.BYTES);
        HeadSlot.write(MemorySegment.ofArray(bytes), size, name, entry);
        size += HeadSlot.BYTES;
    }

    /** Adds a slot of a table. */
    void add(MemorySegment slab, long at) {
        room(HeadSlot.BYTES);
        HeadSlot.copy(slab, at, MemorySegment.ofArray(bytes), size);
        size += HeadSlot.BYTES;
    }

    /** Adds a table. */
    void add(int taken, MemorySegment[] chunks) {
        room(TABLE_HEAD_BYTES + chunks.length * HeadTable.CHUNK_BYTES);
        MemorySegment into = MemorySegment.ofArray(bytes);
        into.set(INT, size, taken);
        into.set(INT, size + Integer.BYTES, chunks.length);
        size += TABLE_HEAD_BYTES;
        for (MemorySegment chunk : chunks) {
            MemorySegment.copy(chunk, 0, into, size, HeadTable.CHUNK_BYTES);
            size += HeadTable.CHUNK_BYTES;
        }
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

    /** All of them; nothing is added any more. */
    public byte[] bytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** Whether they are a whole group. */
    public static boolean isGroup(MemorySegment packed) {
        return kindOf(packed) == GROUP || isOfTables(packed);
    }

    static boolean isOfTables(MemorySegment packed) {
        return packed.byteSize() > 0 && kindOf(packed) == GROUP_OF_TABLES;
    }

    private static int kindOf(MemorySegment packed) {
        return packed.get(ValueLayout.JAVA_BYTE, 0);
    }

    /** Puts the slots of changes behind those of others. @return bytes of all; 0 where they have no room */
    static long append(MemorySegment changes, MemorySegment others, long othersBytes) {
        long size = Math.max(FIRST, othersBytes);
        long more = headBytes(changes);
        if (size + more > others.byteSize()) {
            return 0;
        }
        others.set(ValueLayout.JAVA_BYTE, 0, (byte) CHANGES);
        MemorySegment.copy(changes, FIRST, others, size, more);
        return size + more;
    }

    static int slots(MemorySegment packed) {
        return (int) (headBytes(packed) / HeadSlot.BYTES);
    }

    /** Bytes of the heads alone. */
    public static long headBytes(MemorySegment packed) {
        return packed.byteSize() - FIRST;
    }

    static void forEachSlot(MemorySegment packed, SlotAction action) {
        for (long at = FIRST; at + HeadSlot.BYTES <= packed.byteSize(); at += HeadSlot.BYTES) {
            action.take(packed, at);
        }
    }

    static void forEachTable(MemorySegment packed, TableAction action) {
        long at = FIRST;
        while (at < packed.byteSize()) {
            long bytes = (long) packed.get(INT, at + Integer.BYTES) * HeadTable.CHUNK_BYTES;
            action.take(packed.get(INT, at), packed.asSlice(at + TABLE_HEAD_BYTES, bytes));
            at += TABLE_HEAD_BYTES + bytes;
        }
    }

    /** Takes a slot. */
    interface SlotAction {
        void take(MemorySegment slots, long at);
    }

    /** Takes a table, in which so many slots are taken. */
    interface TableAction {
        void take(int taken, MemorySegment slots);
    }
}

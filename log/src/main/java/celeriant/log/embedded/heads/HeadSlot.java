package celeriant.log.embedded.heads;

import celeriant.log.sequencer.AggregateHead;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * One slot of a {@link HeadTable}: 96 bits of the name's hash, and what is usual of an entry. What is not usual
 * (deleted, created again, with a snapshot, larger numbers) is {@link HeadCache#ELSEWHERE}. Little-endian; the index
 * keeps slots as they are, so a change here is another format of the index.
 *
 * <pre>
 *  0  high     u64  of the hash
 *  8  low      u32  of the hash
 * 12  version  u32  kind in the upper 4 bits, 0 if the slot is free
 * 16  number   u64
 * 24  time     u64  milliseconds since 2020 in the upper 41 bits; below them the kind's own number
 * </pre>
 */
final class HeadSlot {
    static final int BYTES = 32;

    private static final int FREE = 0;
    private static final int ELSEWHERE = 1;
    /** Never trimmed; the own number is the last version without a key. */
    private static final int WHOLE = 2;
    /** Trimmed; the own number is the first version that is there; the last one has no key. */
    private static final int TRIMMED_KEYLESS = 3;
    /** Trimmed; the own number is the first version that is there; all have keys. */
    private static final int TRIMMED_KEYED = 4;

    private static final long LOW = 8;
    private static final long VERSION = 12;
    private static final long NUMBER = 16;
    private static final long TIME = 24;

    private static final int VERSION_BITS = 28;
    private static final int VERSION_MASK = (1 << VERSION_BITS) - 1;
    private static final int OWN_BITS = 23;
    private static final long OWN_MASK = (1L << OWN_BITS) - 1;
    private static final long MILLIS_FIRST = 1_577_836_800_000L;
    private static final long MILLIS_LAST = MILLIS_FIRST + (1L << Long.SIZE - OWN_BITS) - 1;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private HeadSlot() {}

    static boolean isFree(MemorySegment slab, long at) {
        return slab.get(INT, at + VERSION) == FREE;
    }

    static boolean isOf(MemorySegment slab, long at, long high, int low) {
        return slab.get(LONG, at) == high && slab.get(INT, at + LOW) == low;
    }

    static long high(MemorySegment slab, long at) {
        return slab.get(LONG, at);
    }

    /** As much as is kept of the lower half. */
    static int low(MemorySegment slab, long at) {
        return slab.get(INT, at + LOW);
    }

    /** Word by word: a call that copies any range costs more than a slot. */
    static void copy(MemorySegment from, long fromAt, MemorySegment to, long toAt) {
        to.set(LONG, toAt, from.get(LONG, fromAt));
        to.set(LONG, toAt + LOW, from.get(LONG, fromAt + LOW));
        to.set(LONG, toAt + NUMBER, from.get(LONG, fromAt + NUMBER));
        to.set(LONG, toAt + TIME, from.get(LONG, fromAt + TIME));
    }

    static void free(MemorySegment slab, long at) {
        slab.set(INT, at + VERSION, FREE);
    }

    static void write(MemorySegment slab, long at, KeyedHash.Hash name, AggregateEntry entry) {
        int kind = kindOf(entry);
        AggregateHead head = entry.head();
        slab.set(LONG, at, name.high());
        slab.set(INT, at + LOW, (int) name.low());
        slab.set(INT, at + VERSION, kind << VERSION_BITS | (kind == ELSEWHERE ? 0 : (int) head.version()));
        slab.set(LONG, at + NUMBER, entry.number());
        long own = kind == WHOLE ? head.lastKeylessVersion() : head.firstVersion();
        slab.set(LONG, at + TIME, kind == ELSEWHERE ? 0 : head.recordedAtMillis() - MILLIS_FIRST << OWN_BITS | own);
    }

    private static int kindOf(AggregateEntry entry) {
        AggregateHead head = entry.head();
        boolean fits = head.version() <= VERSION_MASK
                && head.firstVersion() <= OWN_MASK
                && head.lastKeylessVersion() <= OWN_MASK
                && head.recordedAtMillis() >= MILLIS_FIRST
                && head.recordedAtMillis() <= MILLIS_LAST;
        boolean isUsual = head.exists()
                && head.recreatable()
                && head.createdVersion() == 1
                && head.snapshotVersion() == 0
                && entry.snapshotPlace() == 0;
        if (!fits || !isUsual) {
            return ELSEWHERE;
        }
        if (head.firstVersion() == 1) {
            return WHOLE;
        }
        if (head.lastKeylessVersion() == 0) {
            return TRIMMED_KEYED;
        }
        return head.lastKeylessVersion() == head.version() ? TRIMMED_KEYLESS : ELSEWHERE;
    }

    static AggregateEntry read(MemorySegment slab, long at) {
        int kindAndVersion = slab.get(INT, at + VERSION);
        int kind = kindAndVersion >>> VERSION_BITS;
        if (kind == ELSEWHERE) {
            return HeadCache.ELSEWHERE;
        }
        long version = kindAndVersion & VERSION_MASK;
        long time = slab.get(LONG, at + TIME);
        long own = time & OWN_MASK;
        long first = kind == WHOLE ? 1 : own;
        long keyless = kind == WHOLE ? own : kind == TRIMMED_KEYLESS ? version : 0;
        long millis = MILLIS_FIRST + (time >>> OWN_BITS);
        AggregateHead head = new AggregateHead(version, true, true, 1, first, keyless, 0, millis);
        return new AggregateEntry(head, slab.get(LONG, at + NUMBER), 0);
    }
}

package celeriant.log.embedded.heads;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A part of a {@link HeadTable}: open addressing with linear probing over the slots of its chunks, of which at most
 * seven in eight are taken. Confined to who holds its lock, but for what tells of it.
 */
final class HeadTablePart {
    private static final int CHUNK_SLOTS = HeadTable.CHUNK_BYTES / HeadSlot.BYTES;
    private static final long HASH_MASK = 0xFFFF_FFFFL;

    private final Supplier<MemorySegment> memory;
    private MemorySegment[] chunks = new MemorySegment[0];
    private int slots;
    private int hand;
    private volatile int taken;
    private volatile boolean hasForgotten;

    /** @param memory gives chunks, or null once there are no more */
    HeadTablePart(Supplier<MemorySegment> memory) {
        this.memory = memory;
    }

    /** One that was packed, where it is: to be read. */
    static HeadTablePart of(int taken, MemorySegment table) {
        HeadTablePart part = new HeadTablePart(() -> null);
        part.chunks = new MemorySegment[(int) (table.byteSize() / HeadTable.CHUNK_BYTES)];
        Arrays.setAll(part.chunks, i -> table.asSlice((long) i * HeadTable.CHUNK_BYTES, HeadTable.CHUNK_BYTES));
        part.slots = part.chunks.length * CHUNK_SLOTS;
        part.taken = taken;
        return part;
    }

    /** How many are here; any thread. */
    int taken() {
        return taken;
    }

    /** Whether one ever had to go, or found no place; any thread. */
    boolean hasForgotten() {
        return hasForgotten;
    }

    int chunks() {
        return chunks.length;
    }

    AggregateEntry get(KeyedHash.Hash name) {
        if (slots == 0) {
            return null;
        }
        int slot = find(name);
        MemorySegment chunk = chunkOf(slot);
        return HeadSlot.isFree(chunk, at(slot)) ? null : HeadSlot.read(chunk, at(slot));
    }

    void put(KeyedHash.Hash name, AggregateEntry entry) {
        int slot = slots == 0 ? -1 : find(name);
        if (isTaken(slot)) {
            HeadSlot.write(chunkOf(slot), at(slot), name, entry);
        } else {
            add(slot, name, entry);
        }
    }

    void putUnlessThere(KeyedHash.Hash name, AggregateEntry entry) {
        int slot = slots == 0 ? -1 : find(name);
        if (!isTaken(slot)) {
            add(slot, name, entry);
        }
    }

    private boolean isTaken(int slot) {
        return slot >= 0 && !HeadSlot.isFree(chunkOf(slot), at(slot));
    }

    private void add(int free, KeyedHash.Hash name, AggregateEntry entry) {
        int slot = makeRoom(free, name.high(), (int) name.low());
        if (slot >= 0) {
            HeadSlot.write(chunkOf(slot), at(slot), name, entry);
        }
    }

    /** The slot for one more, counted already; -1 if there is none. @param free where it is if nothing is moved */
    private int makeRoom(int free, long high, int low) {
        int slot = free;
        if (!hasRoomFor(taken + 1)) {
            if (!growTo(chunks.length + Math.max(1, chunks.length / 8))) {
                hasForgotten = true;
                if (taken == 0) {
                    return -1;
                }
                forgetOne();
            }
            slot = find(high, low);
        }
        taken = taken + 1;
        return slot;
    }

    /** Puts a slot in, over the one of that name. */
    void loadSlot(MemorySegment from, long at) {
        long high = HeadSlot.high(from, at);
        int low = HeadSlot.low(from, at);
        int slot = slots == 0 ? -1 : find(high, low);
        if (!isTaken(slot)) {
            slot = makeRoom(slot, high, low);
        }
        if (slot >= 0) {
            HeadSlot.copy(from, at, chunkOf(slot), at(slot));
        }
    }

    /** Whether a slot of that name is here. */
    synchronized boolean has(MemorySegment other, long at) {
        return slots > 0 && isTaken(find(HeadSlot.high(other, at), HeadSlot.low(other, at)));
    }

    /** Makes room for about so many more, as far as there is memory. */
    synchronized void growFor(int more) {
        if (chunksFor(taken, more) > chunks.length) {
            growTo(chunksFor(taken, more));
        }
    }

    /** As many as are here, or so many that five slots in six are taken if the others need more. */
    private int chunksFor(int some, int more) {
        long wanted = more == 0 || hasRoomFor(some + more) ? chunks.length : (some + more) * 6L / 5 / CHUNK_SLOTS + 1;
        return Math.clamp(wanted, chunks.length, Integer.MAX_VALUE);
    }

    /**
     * Puts in what is in another: at once where nothing is here yet and there is memory for all of it.
     *
     * @param more about how many come next, for which there is room then
     */
    synchronized void load(HeadTablePart stored, int more) {
        boolean isFirst = slots == 0;
        if (isFirst) {
            chunks = moreChunks(stored.chunksFor(stored.taken, more));
            slots = chunks.length * CHUNK_SLOTS;
        }
        if (isFirst && chunks.length == stored.chunks.length) {
            for (int i = 0; i < chunks.length; i++) {
                MemorySegment.copy(stored.chunks[i], 0, chunks[i], 0, HeadTable.CHUNK_BYTES);
            }
            taken = stored.taken;
        } else if (isFirst && chunks.length > stored.chunks.length) {
            putAgain(stored);
            taken = stored.taken;
        } else {
            stored.forEachTaken(this::loadSlot);
        }
    }

    void packSlots(PackedHeads into) {
        forEachTaken(into::add);
    }

    void packTable(PackedHeads into) {
        into.add(taken, chunks);
    }

    private void forEachTaken(PackedHeads.SlotAction action) {
        for (MemorySegment chunk : chunks) {
            for (long at = 0; at < HeadTable.CHUNK_BYTES; at += HeadSlot.BYTES) {
                if (!HeadSlot.isFree(chunk, at)) {
                    action.take(chunk, at);
                }
            }
        }
    }

    private boolean hasRoomFor(int some) {
        return some * 8L <= slots * 7L;
    }

    private int find(KeyedHash.Hash name) {
        return find(name.high(), (int) name.low());
    }

    /** The slot of a name, or the free one where it would be. */
    private int find(long high, int low) {
        int slot = home(high);
        while (true) {
            MemorySegment chunk = chunkOf(slot);
            long at = at(slot);
            if (HeadSlot.isFree(chunk, at) || HeadSlot.isOf(chunk, at, high, low)) {
                return slot;
            }
            slot = next(slot);
        }
    }

    /** Where the search for a name begins. */
    private int home(long high) {
        return (int) ((high & HASH_MASK) * slots >>> Integer.SIZE);
    }

    private int next(int slot) {
        return slot + 1 == slots ? 0 : slot + 1;
    }

    private MemorySegment chunkOf(int slot) {
        return chunks[slot / CHUNK_SLOTS];
    }

    private static long at(int slot) {
        return (long) (slot % CHUNK_SLOTS) * HeadSlot.BYTES;
    }

    /** One after the other goes, round and round. */
    private void forgetOne() {
        do {
            hand = hand >= slots - 1 ? 0 : hand + 1;
        } while (HeadSlot.isFree(chunkOf(hand), at(hand)));
        taken = taken - 1;
        closeGap(hand);
    }

    /** Frees a slot, and moves what would not be found any more into the gap. */
    private void closeGap(int freed) {
        int gap = freed;
        for (int slot = next(gap); !HeadSlot.isFree(chunkOf(slot), at(slot)); slot = next(slot)) {
            int home = home(HeadSlot.high(chunkOf(slot), at(slot)));
            boolean isFoundBehindGap = gap <= slot ? gap < home && home <= slot : gap < home || home <= slot;
            if (!isFoundBehindGap) {
                HeadSlot.copy(chunkOf(slot), at(slot), chunkOf(gap), at(gap));
                gap = slot;
            }
        }
        HeadSlot.free(chunkOf(gap), at(gap));
    }

    /** Takes more memory. @return whether there is room for one more now */
    private boolean growTo(int wantedChunks) {
        MemorySegment[] more = moreChunks(wantedChunks);
        if (more.length == chunks.length) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment old = arena.allocate((long) slots * HeadSlot.BYTES, HeadSlot.BYTES);
            for (int i = 0; i < chunks.length; i++) {
                MemorySegment.copy(chunks[i], 0, old, (long) i * HeadTable.CHUNK_BYTES, HeadTable.CHUNK_BYTES);
                chunks[i].fill((byte) 0);
            }
            chunks = more;
            slots = more.length * CHUNK_SLOTS;
            putAgain(of(taken, old));
        }
        return hasRoomFor(taken + 1);
    }

    private void putAgain(HeadTablePart old) {
        old.forEachTaken((chunk, at) -> {
            int slot = find(HeadSlot.high(chunk, at), HeadSlot.low(chunk, at));
            HeadSlot.copy(chunk, at, chunkOf(slot), at(slot));
        });
    }

    /** The chunks, up to so many. */
    private MemorySegment[] moreChunks(int wanted) {
        MemorySegment[] more = Arrays.copyOf(chunks, wanted);
        for (int i = chunks.length; i < wanted; i++) {
            more[i] = memory.get();
            if (more[i] == null) {
                return Arrays.copyOf(more, i);
            }
        }
        return more;
    }
}

package celeriant.log.embedded.heads;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link HeadCache} of the embedded engine: a hash table outside the heap. It is made of {@link #PARTS} parts that
 * grow on their own, by chunks of {@link #CHUNK_BYTES}, so that no growth takes long and memory is taken as it is
 * needed. Once there is no more, a new name takes the slot of another one. Thread-safe: each part is its own lock.
 */
public final class HeadTable implements HeadCache {
    private static final Logger LOG = LoggerFactory.getLogger(HeadTable.class);

    static final int CHUNK_BYTES = 4 << 10;

    private static final int PARTS_BITS = 10;
    private static final int PARTS = 1 << PARTS_BITS;
    private static final int PARTS_OF_GROUP = PARTS / GROUPS;
    private static final int SLAB_CHUNKS = 256;
    private static final long SLAB_BYTES = SLAB_CHUNKS * CHUNK_BYTES;

    /**
     * From so many heads on a group is kept as the tables that it lies in, free slots and all. That is 2,048 a part, 16
     * chunks and more, which grow by an eighth: more than three slots in four are taken, though names are spread
     * unevenly. In a small group it may be one slot in a hundred, and what it has is put in one by one in no time.
     */
    static final int TABLES_HEADS_MIN = 8_192;

    /** From so many heads on that come together room is made first for the new ones among them. */
    private static final int GROWN_AT_ONCE_MIN = 1_024;

    private static final int SAMPLED = 8;
    private static final int BITS_PER_SAMPLE = 16;

    private final Arena arena = Arena.ofShared();
    private final HeadTablePart[] parts = new HeadTablePart[PARTS];
    private MemorySegment slab = MemorySegment.NULL;
    private long slabTaken;
    private long chunksMax;
    private volatile long chunks;

    /** @param bytesMax memory that slots may take */
    public HeadTable(long bytesMax) {
        this.chunksMax = bytesMax / CHUNK_BYTES;
        Arrays.setAll(parts, i -> new HeadTablePart(this::takeChunk));
    }

    @Override
    public AggregateEntry get(KeyedHash.Hash name) {
        HeadTablePart part = partOf(name);
        synchronized (part) {
            return part.get(name);
        }
    }

    @Override
    public void put(KeyedHash.Hash name, AggregateEntry entry) {
        HeadTablePart part = partOf(name);
        synchronized (part) {
            part.put(name, entry);
        }
    }

    @Override
    public boolean putOlder(KeyedHash.Hash name, AggregateEntry entry) {
        HeadTablePart part = partOf(name);
        synchronized (part) {
            if (part.hasForgotten()) {
                return false;
            }
            part.putUnlessThere(name, entry);
            return !part.hasForgotten();
        }
    }

    @Override
    public PackedHeads pack(int group) {
        boolean isOfTables =
                partsOf(group).stream().mapToLong(HeadTablePart::taken).sum() >= TABLES_HEADS_MIN;
        PackedHeads packed =
                isOfTables ? PackedHeads.groupOfTables(PARTS_OF_GROUP, chunksOf(group)) : PackedHeads.group();
        for (HeadTablePart part : partsOf(group)) {
            synchronized (part) {
                if (part.hasForgotten()) {
                    return null;
                }
                if (isOfTables) {
                    part.packTable(packed);
                } else {
                    part.packSlots(packed);
                }
            }
        }
        return packed;
    }

    /** As it is now: who packs it may meet more. */
    private int chunksOf(int group) {
        int sum = 0;
        for (HeadTablePart part : partsOf(group)) {
            synchronized (part) {
                sum += part.chunks();
            }
        }
        return sum;
    }

    @Override
    public void load(int group, MemorySegment whole, MemorySegment changes) {
        List<HeadTablePart> ofGroup = partsOf(group);
        if (PackedHeads.isOfTables(whole)) {
            List<HeadTablePart> stored = new ArrayList<>();
            PackedHeads.forEachTable(whole, (taken, slots) -> stored.add(HeadTablePart.of(taken, slots)));
            int[] more = newNames(stored, changes);
            for (int i = 0; i < stored.size(); i++) {
                ofGroup.get(i).load(stored.get(i), more[i]);
            }
        } else {
            growFor(ofGroup, whole);
            loadSlots(whole);
            growFor(ofGroup, changes);
        }
        loadSlots(changes);
    }

    /**
     * Slots come in the order of their table: in one that is smaller, all of them would begin in the same few places.
     */
    private static void growFor(List<HeadTablePart> ofGroup, MemorySegment packed) {
        int[] more = newNames(ofGroup, packed);
        for (int i = 0; i < more.length; i++) {
            ofGroup.get(i).growFor(more[i]);
        }
    }

    private void loadSlots(MemorySegment packed) {
        PackedHeads.forEachSlot(packed, (slots, at) -> {
            HeadTablePart part = parts[partOf(HeadSlot.high(slots, at))];
            synchronized (part) {
                part.loadSlot(slots, at);
            }
        });
    }

    /**
     * About how many names of what was packed each part of a group has not, as one in {@link #SAMPLED} lets expect;
     * none where they are few. Each name counts once, however often it comes; two that share a bit count as one, which
     * is seldom. What is guessed too low grows once more.
     */
    private static int[] newNames(List<HeadTablePart> ofGroup, MemorySegment packed) {
        int[] more = new int[PARTS_OF_GROUP];
        if (PackedHeads.slots(packed) < GROWN_AT_ONCE_MIN) {
            return more;
        }
        int bits = Integer.highestOneBit(PackedHeads.slots(packed)) * BITS_PER_SAMPLE / SAMPLED;
        BitSet counted = new BitSet(bits);
        PackedHeads.forEachSlot(packed, (slots, at) -> {
            long high = HeadSlot.high(slots, at);
            int bit = (int) high / SAMPLED & bits - 1;
            int part = partOf(high) % PARTS_OF_GROUP;
            if (high % SAMPLED == 0 && !counted.get(bit) && !ofGroup.get(part).has(slots, at)) {
                counted.set(bit);
                more[part] += SAMPLED;
            }
        });
        return more;
    }

    private List<HeadTablePart> partsOf(int group) {
        return Arrays.asList(parts).subList(group * PARTS_OF_GROUP, (group + 1) * PARTS_OF_GROUP);
    }

    private HeadTablePart partOf(KeyedHash.Hash name) {
        return parts[partOf(name.high())];
    }

    private static int partOf(long high) {
        return (int) (high >>> Long.SIZE - PARTS_BITS);
    }

    /** Memory of one chunk, zeros; null if there is no more. */
    private synchronized MemorySegment takeChunk() {
        if (chunks == chunksMax) {
            return null;
        }
        if (slabTaken == slab.byteSize() && !takeSlab()) {
            chunksMax = chunks;
            return null;
        }
        chunks = chunks + 1;
        MemorySegment chunk = slab.asSlice(slabTaken, CHUNK_BYTES);
        slabTaken += CHUNK_BYTES;
        return chunk;
    }

    /** A machine that has no more memory for heads looks them up. */
    private boolean takeSlab() {
        long left = (chunksMax - chunks) * CHUNK_BYTES;
        MemorySegment large = left < LargePages.PIECE_BYTES ? null : LargePages.piece(arena);
        try {
            slab = large != null ? large : arena.allocate(Math.min(SLAB_BYTES, left), HeadSlot.BYTES);
        } catch (OutOfMemoryError e) {
            LOG.info("no memory for more heads of aggregates than {} bytes", bytes());
            return false;
        }
        slabTaken = 0;
        return true;
    }

    @Override
    public boolean hasForgotten(KeyedHash.Hash name) {
        return partOf(name).hasForgotten();
    }

    @Override
    public long size() {
        long size = 0;
        for (HeadTablePart part : parts) {
            size += part.taken();
        }
        return size;
    }

    @Override
    public long bytes() {
        return chunks * CHUNK_BYTES;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}

package celeriant.log.embedded.heads;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Puts what was stored of heads into a cache, group by group: the whole and all changes of it together, so that a table
 * which needs room for new names has it from the first. Growing moves all of it, and right behind much that was new
 * that took as long as all the rest of an opening. Confined to one thread.
 */
public final class HeadLoader {
    private final HeadCache cache;
    private final MemorySegment whole;
    private final MemorySegment changes;
    private long wholeBytes;
    private long changesBytes;
    private int group;

    /** @param bytes of a whole, and of changes, that are put in together */
    public HeadLoader(HeadCache cache, Arena arena, long bytes) {
        this.cache = cache;
        this.whole = arena.allocate(bytes);
        this.changes = arena.allocate(bytes);
    }

    /** Takes what was packed of a group, in the order of its time. */
    public void add(int ofGroup, MemorySegment packed) {
        boolean isWhole = PackedHeads.isGroup(packed);
        if (ofGroup != group || isWhole) {
            end();
            group = ofGroup;
        }
        if (isWhole && !keepWhole(packed)) {
            cache.load(group, packed, MemorySegment.NULL);
        } else if (!isWhole && !keepChange(packed)) {
            cache.load(group, MemorySegment.NULL, packed);
        }
    }

    private boolean keepWhole(MemorySegment packed) {
        if (packed.byteSize() > whole.byteSize()) {
            return false;
        }
        MemorySegment.copy(packed, 0, whole, 0, packed.byteSize());
        wholeBytes = packed.byteSize();
        return true;
    }

    private boolean keepChange(MemorySegment packed) {
        long bytes = PackedHeads.append(packed, changes, changesBytes);
        if (bytes == 0) {
            end();
            bytes = PackedHeads.append(packed, changes, 0);
        }
        changesBytes = bytes;
        return bytes > 0;
    }

    /** Puts in what is left. */
    public void end() {
        if (wholeBytes + changesBytes > 0) {
            cache.load(group, whole.asSlice(0, wholeBytes), changes.asSlice(0, changesBytes));
        }
        wholeBytes = 0;
        changesBytes = 0;
    }
}

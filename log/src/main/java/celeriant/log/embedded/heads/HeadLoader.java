package celeriant.log.embedded.heads;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Puts what was stored of heads into a cache, group by group: the whole, then all changes together, so that a table
 * which has to grow for new names grows once. Each growth moves all of it, and right behind much that was new, one
 * change after the other, that took as long as all the rest of an opening. Confined to one thread.
 */
public final class HeadLoader {
    private final HeadCache cache;
    private final MemorySegment changes;
    private long changesBytes;
    private int group;

    /** @param bytes of changes that are put in together */
    public HeadLoader(HeadCache cache, Arena arena, long bytes) {
        this.cache = cache;
        this.changes = arena.allocate(bytes);
    }

    /** Takes what was packed of a group, in the order of its time. */
    public void add(int ofGroup, MemorySegment packed) {
        if (ofGroup != group || PackedHeads.isGroup(packed)) {
            end();
            group = ofGroup;
        }
        if (PackedHeads.isGroup(packed) || !keep(packed)) {
            cache.load(group, packed);
        }
    }

    private boolean keep(MemorySegment packed) {
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
        if (changesBytes > 0) {
            cache.load(group, changes.asSlice(0, changesBytes));
            changesBytes = 0;
        }
    }
}

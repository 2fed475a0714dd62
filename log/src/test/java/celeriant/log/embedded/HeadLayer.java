package celeriant.log.embedded;

import celeriant.log.embedded.heads.AggregateEntry;
import celeriant.log.embedded.heads.HeadCache;
import celeriant.log.embedded.heads.KeyedHash;
import celeriant.log.embedded.heads.PackedHeads;
import java.lang.foreign.MemorySegment;

/** What hands everything on; a test overrides what it wants to be otherwise. */
class HeadLayer implements HeadCache {
    private final HeadCache below;

    HeadLayer(HeadCache below) {
        this.below = below;
    }

    @Override
    public AggregateEntry get(KeyedHash.Hash name) {
        return below.get(name);
    }

    @Override
    public void put(KeyedHash.Hash name, AggregateEntry entry) {
        below.put(name, entry);
    }

    @Override
    public boolean putOlder(KeyedHash.Hash name, AggregateEntry entry) {
        return below.putOlder(name, entry);
    }

    @Override
    public boolean hasForgotten(KeyedHash.Hash name) {
        return below.hasForgotten(name);
    }

    @Override
    public PackedHeads pack(int group) {
        return below.pack(group);
    }

    @Override
    public void load(int group, MemorySegment whole, MemorySegment changes) {
        below.load(group, whole, changes);
    }

    @Override
    public long size() {
        return below.size();
    }

    @Override
    public long bytes() {
        return below.bytes();
    }

    @Override
    public void close() {
        below.close();
    }
}

package celeriant.log.embedded;

import celeriant.log.embedded.index.IndexStore;

/** Keeps no heads, so that they are read from the aggregates behind the start. */
final class NoStoredHeads extends StoreLayer {
    NoStoredHeads(IndexStore below) {
        super(below);
    }

    @Override
    boolean takes(byte[] key) {
        return key[0] != 'D';
    }
}

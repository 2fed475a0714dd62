package celeriant.log.embedded;

import celeriant.log.embedded.index.IndexStore;

/** A store that hands everything on; a test overrides what it wants to be otherwise. */
class StoreLayer implements IndexStore {
    private final IndexStore below;

    StoreLayer(IndexStore below) {
        this.below = below;
    }

    /** Whether an entry is kept. */
    boolean takes(byte[] key) {
        return true;
    }

    /** Called after each batch. */
    void afterWrite() {
        // Nothing unless overridden.
    }

    @Override
    public byte[] value(byte[] key) {
        return below.value(key);
    }

    @Override
    public Cursor cursor(byte[] from, byte[] to) {
        return below.cursor(from, to);
    }

    @Override
    public Cursor scan(byte[] from, byte[] to) {
        return below.scan(from, to);
    }

    @Override
    public Cursor cursorAtFloor(byte[] lowest, byte[] from, byte[] to) {
        return below.cursorAtFloor(lowest, from, to);
    }

    @Override
    public Batch batch() {
        return new BatchLayer(below.batch());
    }

    @Override
    public void flush(boolean wait) {
        below.flush(wait);
    }

    @Override
    public void beginOwnWork() {
        below.beginOwnWork();
    }

    @Override
    public void close() {
        below.close();
    }

    private final class BatchLayer implements Batch {
        private final Batch batch;

        BatchLayer(Batch batch) {
            this.batch = batch;
        }

        @Override
        public void put(byte[] key, byte[] value) {
            if (takes(key)) {
                batch.put(key, value);
            }
        }

        @Override
        public void delete(byte[] key) {
            batch.delete(key);
        }

        @Override
        public void deleteRange(byte[] from, byte[] to) {
            batch.deleteRange(from, to);
        }

        @Override
        public void write() {
            batch.write();
            afterWrite();
        }

        @Override
        public void close() {
            batch.close();
        }
    }
}

package celeriant.log.embedded.index;

import java.io.IOException;
import java.nio.file.Path;

/** The index's store in a folder. */
public record RocksIndexStores(Path folder, long cacheBytes) implements IndexStores {
    /** The name of its folder beside the journal. */
    public static final String FOLDER = "index";

    /** Before anything is opened: an index that cannot be opened is deleted, and this is no fault of the index. */
    public RocksIndexStores {
        RocksLibrary.load();
    }

    /** Loads RocksDB's own part, which takes as long as all that an opening needs before it: so it may begin sooner. */
    public static void loadLibrary() {
        RocksLibrary.load();
    }

    @Override
    public IndexStore open() throws IOException {
        return RocksIndexStore.open(folder, cacheBytes);
    }

    @Override
    public void delete() throws IOException {
        RocksIndexStore.delete(folder);
    }
}

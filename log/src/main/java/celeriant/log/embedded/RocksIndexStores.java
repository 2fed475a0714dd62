package celeriant.log.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** The index's store in a folder. */
record RocksIndexStores(Path folder, long cacheBytes) implements EngineParts.IndexStores {
    @Override
    public IndexStore open() throws IOException {
        return RocksIndexStore.open(folder, cacheBytes);
    }

    @Override
    public void delete() throws IOException {
        RocksIndexStore.delete(folder);
    }
}

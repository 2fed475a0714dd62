package celeriant.client.buffer;

import org.junit.jupiter.api.DisplayName;

@DisplayName("The buffer in memory")
class MemoryBufferTest extends LocalBufferContract {
    private final MemoryBuffer store = new MemoryBuffer();

    @Override
    LocalBuffer onSameStore() {
        return store;
    }
}

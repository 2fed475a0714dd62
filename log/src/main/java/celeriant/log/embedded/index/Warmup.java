package celeriant.log.embedded.index;

/** Reads a part of the store into memory, in small steps, once the log is open. Confined to one thread. */
public interface Warmup extends AutoCloseable {
    /** @return whether there is more to do */
    boolean step();

    @Override
    void close();
}

package celeriant.log.embedded.index;

import java.io.IOException;

/** Where the index's store comes from. */
public interface IndexStores {
    /** Opens what is there, or a new one. */
    IndexStore open() throws IOException;

    /** Removes what is there; it is not open. */
    void delete() throws IOException;
}

package celeriant.log.embedded.index;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The index's files are not what was written. Nothing is lost: it is built anew from the journal. */
public final class DamagedIndexException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    public DamagedIndexException(Throwable cause) {
        super(new IOException("the index is damaged; a restart builds it anew from the journal", cause));
    }
}

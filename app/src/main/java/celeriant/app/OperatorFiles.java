package celeriant.app;

import celeriant.gateway.operator.OperatorFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.Function;

/** The operator's file for commands: what is wrong with it, or with what it is told, is for a person to read. */
final class OperatorFiles {
    private OperatorFiles() {}

    /** @throws CannotRunException if it cannot be read or changed, or takes no such change */
    static <T> T use(Path data, Function<OperatorFile, T> work) {
        try {
            return work.apply(new OperatorFile(data));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
    }
}

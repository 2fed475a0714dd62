package celeriant.app;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * What one gateway keeps on disk:
 *
 * <pre>
 * log/             the engine's
 * operator.json    orgs and API keys
 * secret           32 random bytes that access tokens are signed with; without it devices fetch new tokens, no more
 * </pre>
 */
final class DataFolder {
    private static final int SECRET_BYTES = 32;

    private final Path root;

    private DataFolder(Path root) {
        this.root = root;
    }

    /** Makes it if it is missing. */
    static DataFolder open(Path root) {
        try {
            Files.createDirectories(root.resolve("log"));
            return new DataFolder(root);
        } catch (IOException e) {
            throw new CannotRunException("cannot make the folder " + root + ": " + e, e);
        }
    }

    Path log() {
        return log(root);
    }

    /** Where the engine's folder is, whether or not it is there. */
    static Path log(Path root) {
        return root.resolve("log");
    }

    /** The secret, made at the first call. */
    byte[] tokenSecret() {
        Path file = root.resolve("secret");
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            byte[] secret = Files.readAllBytes(file);
            if (secret.length != SECRET_BYTES) {
                throw new CannotRunException(file + " does not hold " + SECRET_BYTES
                        + " bytes; delete it, and devices will fetch new tokens");
            }
            return secret;
        } catch (IOException e) {
            throw new CannotRunException("cannot read " + file + ": " + e, e);
        }
    }

    private static void make(Path file) throws IOException {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (UnsupportedOperationException e) {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            return;
        }
        Files.write(file, secret);
    }
}

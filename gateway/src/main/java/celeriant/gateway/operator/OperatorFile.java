package celeriant.gateway.operator;

import celeriant.gateway.access.Principal;
import celeriant.model.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * The operator's file, {@code operator.json} in a gateway's data folder. Changes are made by the {@code celeriant}
 * commands while the gateway runs or not: the new file is written whole beside the old one, synced, and renamed onto
 * it.
 */
public final class OperatorFile {
    private static final String NAME = "operator.json";
    private static final int ID_BYTES = 6;
    private static final int SECRET_BYTES = 32;

    private final Path file;
    private volatile Read latest;

    /** What the file held, and what that means: it is read far more often than it changes. */
    private record Read(byte[] bytes, OperatorState state) {}

    public OperatorFile(Path dataFolder) {
        this.file = dataFolder.toAbsolutePath().resolve(NAME);
    }

    public Path path() {
        return file;
    }

    /** @throws IllegalArgumentException naming the file and what is wrong with it */
    public OperatorState read() {
        if (!Files.exists(file)) {
            return OperatorState.EMPTY;
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            Read known = latest;
            if (known == null || !Arrays.equals(bytes, known.bytes())) {
                known = new Read(bytes, OperatorState.ofJson(bytes));
                latest = known;
            }
            return known.state();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** Creates an org, or changes its admission. */
    public void putOrg(String name, boolean open) {
        requireName("org", name);
        change(state -> state.withOrg(name, open));
    }

    /**
     * Makes a key for a backend of an org. A backend may have several; none has a name that another's instances have.
     *
     * @param random gives as many random bytes as it is asked for, unguessable
     * @return the whole key, {@code cel_<id>_<secret>}: shown this once, kept nowhere
     */
    public String createKey(String org, String name, Principal.Scope scope, IntFunction<byte[]> random) {
        requireName("org", org);
        requireName("name", name);
        String id = hex(random.apply(ID_BYTES));
        String secret = hex(random.apply(SECRET_BYTES));
        ApiKey key = new ApiKey(id, org, name, scope, hash(secret));
        change(state -> state.withKey(key));
        return "cel_" + id + "_" + secret;
    }

    /** @return whether there was such a key */
    public boolean deleteKey(String id) {
        boolean known = read().keys().stream().anyMatch(key -> key.id().equals(id));
        change(state -> state.withoutKey(id));
        return known;
    }

    private static void requireName(String what, String name) {
        if (!Names.isName(name)) {
            throw new IllegalArgumentException(
                    what + " \"" + name + "\" is not 1 to 128 characters of A-Z a-z 0-9 . _ ~ -");
        }
    }

    private void change(UnaryOperator<OperatorState> change) {
        try {
            Files.createDirectories(file.getParent());
            Path turn = file.resolveSibling(NAME + ".lock");
            try (FileChannel channel = FileChannel.open(turn, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Held until the channel closes, so that two commands at once do not undo each other.
                channel.lock();
                write(change.apply(read()).toJson());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change " + file + ": " + e, e);
        }
    }

    private void write(byte[] json) throws IOException {
        Path next = file.resolveSibling(NAME + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(json);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.getParent())) {
            folder.force(true);
        }
    }

    static String hash(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}

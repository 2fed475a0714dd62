package celeriant.log.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a data folder for one user of it: by a lock of the system against other processes, and by a set of its own
 * within this one. The first alone does not do. Such a lock belongs to the process, and goes as soon as any channel of
 * the lock's file is closed, so within a process that file is opened once only (POSIX, fcntl).
 */
public final class FolderLock implements AutoCloseable {
    public static final String FILE = "lock";

    /** Files of locks that this process holds, as the file system knows them. */
    private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

    private final Object identity;
    private final FileChannel channel;

    private FolderLock(Object identity, FileChannel channel) {
        this.identity = identity;
        this.channel = channel;
    }

    /** Locks a folder, which must exist; null if another process, or somebody in this one, has it. */
    public static FolderLock take(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        Object identity = identityOf(file);
        if (!HELD.add(identity)) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel = locked(file);
            return channel == null ? null : new FolderLock(identity, channel);
        } finally {
            if (channel == null) {
                HELD.remove(identity);
            }
        }
    }

    /** The same for each path to the same lock; its file is open as long as it is held, so no other file has it. */
    private static Object identityOf(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // It stays from one use of the folder to the next.
        }
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key != null ? key : file.toRealPath();
    }

    /** Null if another process has it. */
    private static FileChannel locked(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean isLocked = false;
        try {
            isLocked = channel.tryLock() != null;
        } finally {
            if (!isLocked) {
                channel.close();
            }
        }
        return isLocked ? channel : null;
    }

    /** Once or more often. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            HELD.remove(identity);
        }
    }
}

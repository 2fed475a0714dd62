package celeriant.log.embedded.disk;

import celeriant.log.folder.FolderLock;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The real disk: a folder of the file system, locked against a second process for as long as it is open. */
public final class FolderDisk implements Disk {
    /** Of files that are read. */
    private static final long RESIDENT_BYTES_MAX = 32L << 20;

    private final Path folder;
    private final FolderLock lock;
    private final Set<ChannelFile> files = ConcurrentHashMap.newKeySet();
    private final MappedPages pages;

    /** Kept once it is found: to find it, all mounts of the machine are read. */
    private volatile FileStore store;

    private FolderDisk(Path folder, FolderLock lock, long residentBytesMax) {
        this.folder = folder;
        this.lock = lock;
        this.pages = new MappedPages(residentBytesMax);
    }

    /**
     * Opens a folder, making it if it is not there.
     *
     * @throws FolderInUseException if another process, or another log of this one, has it open
     */
    public static FolderDisk open(Path folder) throws IOException {
        return open(folder, RESIDENT_BYTES_MAX);
    }

    /** @param residentBytesMax of files that are read, about */
    static FolderDisk open(Path folder, long residentBytesMax) throws IOException {
        boolean isNew = !Files.exists(folder);
        Files.createDirectories(folder);
        if (isNew && folder.toAbsolutePath().getParent() != null) {
            sync(folder.toAbsolutePath().getParent());
        }
        FolderLock lock = FolderLock.take(folder);
        if (lock == null) {
            throw new FolderInUseException("the folder " + folder + " is open already: one log, one process. Close the"
                    + " other one, or give this one a folder of its own.");
        }
        return new FolderDisk(folder, lock, residentBytesMax);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return opened(FileChannel.open(
                folder.resolve(name),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return opened(FileChannel.open(folder.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    private ChannelFile opened(FileChannel channel) {
        ChannelFile file = new ChannelFile(channel);
        files.add(file);
        return file;
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(FolderLock.FILE))
                    .toList();
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(folder.resolve(name));
    }

    @Override
    public void syncFolder() throws IOException {
        sync(folder);
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void writeOut(String name, long from, long bytes) {
        CachedPages.writeOut(folder.resolve(name), from, bytes);
    }

    @Override
    public void letGo(String name) {
        CachedPages.drop(folder.resolve(name));
    }

    @Override
    public long usableBytes() throws IOException {
        FileStore known = store;
        if (known == null) {
            known = Files.getFileStore(folder);
            store = known;
        }
        return known.getUsableSpace();
    }

    @Override
    public void close() throws IOException {
        for (ChannelFile file : files) {
            file.close();
        }
        lock.close();
    }

    /**
     * Written through a channel, read through a mapping: a channel closes itself when a reading thread is interrupted,
     * and readers are other people's threads. What is read before reads are prepared, a header, is read through the
     * channel: of a mapping Linux reads as much as it ever reads ahead, 8 MiB here and there. Closing it unmaps it at
     * once, for a mapping keeps the room of a deleted file; that the virtual machine sees to it that no thread is in
     * the middle of a read then costs a read nothing.
     */
    private final class ChannelFile implements DiskFile {
        private final FileChannel channel;
        /** Of all that is mapped of the file. */
        private final Arena mappings = Arena.ofShared();

        private volatile MemorySegment mapped = MemorySegment.NULL;
        private volatile boolean isPrepared;

        ChannelFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
            return isPrepared ? readMapped(into, offset) : readThroughChannel(into, offset);
        }

        private int readThroughChannel(ByteBuffer into, long offset) throws IOException {
            int before = into.remaining();
            int count = 0;
            while (into.hasRemaining() && count >= 0) {
                count = channel.read(into, offset + before - into.remaining());
            }
            return before - into.remaining();
        }

        private int readMapped(ByteBuffer into, long offset) throws IOException {
            if (offset + into.remaining() > mapped.byteSize()) {
                mapAnew();
            }
            MemorySegment source = mapped;
            int count = (int) Math.max(0, Math.min(into.remaining(), source.byteSize() - offset));
            try {
                MemorySegment target = MemorySegment.ofBuffer(into);
                MemorySegment.copy(source, offset, target, 0, count);
            } catch (InternalError e) {
                throw new IOException("reading a mapped file failed at " + offset, e);
            } catch (IllegalStateException e) {
                throw closed(e);
            }
            into.position(into.position() + count);
            pages.read(count, action -> files.forEach(file -> action.accept(file.mapped)));
            return count;
        }

        private static IOException closed(IllegalStateException cause) {
            ClosedChannelException closed = new ClosedChannelException();
            closed.initCause(cause);
            return closed;
        }

        @Override
        public void prepareReads() throws IOException {
            mapAnew();
            isPrepared = true;
        }

        private synchronized void mapAnew() throws IOException {
            long size = channel.size();
            if (size > mapped.byteSize()) {
                mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, mappings);
            }
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            long at = offset;
            while (from.hasRemaining()) {
                at += channel.write(from, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public synchronized void close() throws IOException {
            files.remove(this);
            channel.close();
            while (mappings.scope().isAlive()) {
                try {
                    mappings.close();
                } catch (IllegalStateException e) {
                    // Its pages are just being given back, which does not take long.
                    Thread.onSpinWait();
                }
            }
        }
    }
}

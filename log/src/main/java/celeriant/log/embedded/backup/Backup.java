package celeriant.log.embedded.backup;

import celeriant.log.embedded.index.RocksIndexStores;
import celeriant.log.embedded.journal.DurableMark;
import celeriant.log.embedded.journal.LogMeta;
import celeriant.log.embedded.journal.Segment;
import celeriant.log.embedded.record.RecordFormat;
import celeriant.log.folder.FolderLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Copies an open log into a folder: full segments as hard links where the file system allows it, else as copies; of the
 * segment that is being written, what is durable. What the folder has already is left alone. The new files are put
 * beside the old ones first and get their names at the end, under a mark without which a cut backup would be taken for
 * a whole one. No segment may be replaced meanwhile ({@code Compactor.hold}). Confined to one thread.
 */
public final class Backup {
    private static final String INCOMING = ".incoming";
    private static final FileTime UNFINISHED = FileTime.fromMillis(0);
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path from;
    private final Path to;
    private final UUID logId;
    private final BooleanSupplier isStopped;
    private final List<String> incoming = new ArrayList<>();
    private long bytesNew;

    private Backup(Path from, Path to, UUID logId, BooleanSupplier isStopped) {
        this.from = from;
        this.to = to;
        this.logId = logId;
        this.isStopped = isStopped;
    }

    /**
     * @param end up to where the log is durable
     * @param isStopped whether the log is closed meanwhile, and its folder may be another one's soon
     */
    public static BackupReport run(Path from, Path to, UUID logId, long end, BooleanSupplier isStopped)
            throws IOException {
        return new Backup(from, to, logId, isStopped).run(end);
    }

    private BackupReport run(long end) throws IOException {
        requireOpen();
        Files.createDirectories(to);
        requireBackupFolder();
        long active = RecordFormat.segmentOf(end);
        requireNothingLater(end);
        dropIncoming();
        long segments = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "*.segment")) {
            for (Path file : files) {
                requireOpen();
                String name = file.getFileName().toString();
                long number = Segment.numberOf(name);
                if (number < active) {
                    full(name);
                } else if (number == active) {
                    begun(name, RecordFormat.offsetOf(end));
                }
                segments += number <= active ? 1 : 0;
            }
        }
        long segmentsNew = incoming.size();
        full(LogMeta.FILE);
        mark(end);
        nameIncoming();
        return new BackupReport(segments, segmentsNew, bytesNew);
    }

    private void requireOpen() {
        if (isStopped.getAsBoolean()) {
            throw new IllegalStateException("the log is closed");
        }
    }

    /** What reaches further than the log itself is not of this log's past: the log was restored from before. */
    private void requireNothingLater(long end) throws IOException {
        long there = Math.max(markedEnd(), lastSegmentPlace());
        if (there > end) {
            throw new IllegalArgumentException("the folder " + to + " holds a later state of this log, up to segment "
                    + RecordFormat.segmentOf(there) + ": the log was restored from an older one and went on. Back up"
                    + " into another folder, so that what is in this one is not lost.");
        }
    }

    private long markedEnd() throws IOException {
        Path mark = to.resolve(DurableMark.FILE);
        return Files.isRegularFile(mark) ? DurableMark.endIn(ByteBuffer.wrap(Files.readAllBytes(mark)), logId) : 0;
    }

    /** Where the last segment that is there begins. */
    private long lastSegmentPlace() throws IOException {
        long last = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(to, "*.segment")) {
            for (Path file : files) {
                last = Math.max(last, Segment.numberOf(file.getFileName().toString()));
            }
        }
        return RecordFormat.place(last, 0);
    }

    private void requireBackupFolder() throws IOException {
        if (Files.exists(to.resolve(RocksIndexStores.FOLDER))) {
            throw new IllegalArgumentException("the folder " + to + " was opened as a log: it may have gone on from"
                    + " where the backup was. Back up into another one.");
        }
        Path meta = to.resolve(LogMeta.FILE);
        if (Files.exists(meta)) {
            if (Files.mismatch(meta, from.resolve(LogMeta.FILE)) >= 0) {
                throw new IllegalArgumentException("the folder " + to + " holds the backup of another log");
            }
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(to)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean isOurs = name.endsWith(INCOMING)
                        || name.equals(LogMeta.INCOMPLETE)
                        || name.equals(DurableMark.FILE)
                        || name.equals(FolderLock.FILE)
                        || Segment.isName(name);
                if (!isOurs) {
                    throw new IllegalArgumentException("the folder " + to + " is not empty and holds no backup");
                }
            }
        }
    }

    private void dropIncoming() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(to, "*" + INCOMING)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /** A file that does not change any more. */
    private void full(String name) throws IOException {
        Path source = from.resolve(name);
        if (isThere(source, to.resolve(name))) {
            return;
        }
        Path target = to.resolve(name + INCOMING);
        try {
            Files.createLink(target, source);
        } catch (UnsupportedOperationException | IOException e) {
            Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
            sync(target);
        }
        bytesNew += Files.size(target);
        incoming.add(name);
    }

    /** A copy has the time of its source; a replaced segment has a later one. */
    private static boolean isThere(Path source, Path target) throws IOException {
        return Files.exists(target)
                && (Files.isSameFile(source, target)
                        || Files.size(source) == Files.size(target)
                                && Files.getLastModifiedTime(source).equals(Files.getLastModifiedTime(target)));
    }

    /** The segment that is being written, up to an offset; behind it zeros that take no room. */
    private void begun(String name, long offset) throws IOException {
        Path target = to.resolve(name + INCOMING);
        try (FileChannel in = FileChannel.open(from.resolve(name), StandardOpenOption.READ);
                FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            for (long at = 0; at < offset; ) {
                buffer.clear().limit((int) Math.min(BUFFER_BYTES, offset - at));
                if (in.read(buffer, at) <= 0) {
                    throw new IOException("the segment " + name + " is shorter than it was");
                }
                at += write(out, buffer.flip(), at);
            }
            if (in.size() > offset) {
                write(out, ByteBuffer.allocate(1), in.size() - 1);
            }
            out.force(true);
        }
        Files.setLastModifiedTime(target, UNFINISHED);
        bytesNew += offset;
        incoming.add(name);
    }

    /** What the backup holds it holds for sure, so that nothing of it may be missing when it is opened. */
    private void mark(long end) throws IOException {
        try (FileChannel out = FileChannel.open(
                to.resolve(DurableMark.FILE + INCOMING), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            write(out, DurableMark.encoded(logId, end), 0);
            out.force(true);
        }
        incoming.add(DurableMark.FILE);
    }

    private static long write(FileChannel out, ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += out.write(bytes, at);
        }
        return at - offset;
    }

    private void nameIncoming() throws IOException {
        Path mark = to.resolve(LogMeta.INCOMPLETE);
        if (!Files.exists(mark)) {
            Files.createFile(mark);
        }
        sync(to);
        for (String name : incoming) {
            Files.move(to.resolve(name + INCOMING), to.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
        sync(to);
        Files.delete(mark);
        sync(to);
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

package celeriant.log.embedded;

import celeriant.log.embedded.disk.Disk;
import celeriant.log.embedded.journal.DurableMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that is as bad as one may be. What was not synced is lost at a crash sector by sector, so that
 * writes are torn and reordered; creations, renames and deletions are lost one by one until the folder is synced. It
 * can go down in, and fail, any call that changes something, and be full. Confined to one thread.
 */
final class SimulatedDisk implements Disk {
    private static final int SECTOR_BYTES = 512;

    /** A file's bytes now, and as they surely are after a crash. */
    private static final class Content {
        private byte[] now = new byte[0];
        private byte[] durable = new byte[0];
    }

    private final Map<String, Content> files = new TreeMap<>();
    private final Map<String, Content> durableNames = new TreeMap<>();
    private long capacityBytes = Long.MAX_VALUE;
    private long calls;
    private long crashAtCall = Long.MAX_VALUE;
    private long failAtCall = Long.MAX_VALUE;
    private boolean down;

    /** Goes down in the call of that number, the first being 1: a write may have reached the disk, or a part of it. */
    void crashAt(long call) {
        crashAtCall = call;
    }

    /** Fails the call of that number; the ones after it succeed, as a disk's may. */
    void failAt(long call) {
        failAtCall = call;
    }

    void limitTo(long bytes) {
        capacityBytes = bytes;
    }

    /** Calls so far that changed something. */
    long calls() {
        return calls;
    }

    /** What a machine finds that starts again. */
    SimulatedDisk afterCrash(RandomGenerator random) {
        SimulatedDisk after = new SimulatedDisk();
        Map<String, Content> names = new TreeMap<>(durableNames);
        for (Map.Entry<String, Content> file : files.entrySet()) {
            if (random.nextBoolean()) {
                names.put(file.getKey(), file.getValue());
            }
        }
        for (String name : durableNames.keySet()) {
            if (!files.containsKey(name) && random.nextBoolean()) {
                names.remove(name);
            }
        }
        names.forEach((name, content) -> {
            Content left = new Content();
            left.now = survivors(content, random);
            left.durable = left.now.clone();
            after.files.put(name, left);
        });
        after.durableNames.putAll(after.files);
        return after;
    }

    /** What a process finds that starts again after the one before was killed: all of it, synced or not. */
    SimulatedDisk afterKill() {
        SimulatedDisk after = new SimulatedDisk();
        files.forEach((name, content) -> {
            Content same = new Content();
            same.now = content.now.clone();
            same.durable = content.durable.clone();
            after.files.put(name, same);
            if (durableNames.get(name) == content) {
                after.durableNames.put(name, same);
            }
        });
        return after;
    }

    /** The whole disk as it is now, as after an orderly end. */
    SimulatedDisk copy() {
        SimulatedDisk copy = new SimulatedDisk();
        files.forEach((name, content) -> {
            Content same = new Content();
            same.now = content.now.clone();
            same.durable = content.now.clone();
            copy.files.put(name, same);
        });
        copy.durableNames.putAll(copy.files);
        return copy;
    }

    private static byte[] survivors(Content content, RandomGenerator random) {
        int length = random.nextBoolean() ? content.now.length : content.durable.length;
        byte[] left = Arrays.copyOf(content.durable, length);
        for (int at = 0; at < length; at += SECTOR_BYTES) {
            int count = Math.min(SECTOR_BYTES, length - at);
            boolean changed = at < content.now.length
                    && !Arrays.equals(left, at, at + count, content.now, at, Math.min(at + count, content.now.length));
            if (changed && random.nextBoolean()) {
                System.arraycopy(content.now, at, left, at, Math.min(count, content.now.length - at));
            }
        }
        return left;
    }

    /** The bytes of a file, to look at and to damage. */
    byte[] bytes(String name) {
        return files.get(name).now;
    }

    /** The same without the mark of what is durable, which a machine that goes down may leave behind. */
    SimulatedDisk copyWithoutMark() {
        SimulatedDisk copy = copy();
        copy.files.remove(DurableMark.FILE);
        copy.durableNames.remove(DurableMark.FILE);
        return copy;
    }

    /** The same on a disk of that size. */
    SimulatedDisk copyWithin(long bytes) {
        SimulatedDisk copy = copy();
        copy.limitTo(bytes);
        return copy;
    }

    private void change() throws IOException {
        requireUp();
        calls++;
        if (calls == failAtCall) {
            throw new IOException("simulated failure of call " + calls);
        }
    }

    /** After the call's effect, so that some of it may be there. */
    private void crashIfDue() {
        if (calls == crashAtCall) {
            down = true;
            throw new SimulatedCrash();
        }
    }

    private void requireUp() {
        if (down) {
            throw new SimulatedCrash();
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        change();
        if (files.containsKey(name)) {
            throw new IOException(name + " exists");
        }
        Content content = new Content();
        files.put(name, content);
        crashIfDue();
        return new SimulatedFile(content);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        requireUp();
        return new SimulatedFile(existing(name));
    }

    private Content existing(String name) throws IOException {
        Content content = files.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return content;
    }

    @Override
    public List<String> list() {
        requireUp();
        return new ArrayList<>(files.keySet());
    }

    @Override
    public void rename(String from, String to) throws IOException {
        change();
        Content content = existing(from);
        files.remove(from);
        files.put(to, content);
        crashIfDue();
    }

    @Override
    public void delete(String name) throws IOException {
        change();
        existing(name);
        files.remove(name);
        crashIfDue();
    }

    @Override
    public void syncFolder() throws IOException {
        change();
        if (calls != crashAtCall) {
            durableNames.clear();
            durableNames.putAll(files);
        }
        crashIfDue();
    }

    @Override
    public long usableBytes() {
        return capacityBytes - usedBytes();
    }

    private long usedBytes() {
        return files.values().stream().mapToLong(content -> content.now.length).sum();
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private final class SimulatedFile implements DiskFile {
        private final Content content;
        private boolean isClosed;

        SimulatedFile(Content content) {
            this.content = content;
        }

        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
            requireUp();
            if (isClosed) {
                throw new ClosedChannelException();
            }
            int count = (int) Math.max(0, Math.min(into.remaining(), content.now.length - offset));
            if (count > 0) {
                into.put(content.now, (int) offset, count);
            }
            return count;
        }

        @Override
        public void prepareReads() {
            requireUp();
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            change();
            int end = (int) offset + from.remaining();
            long growth = Math.max(0, end - content.now.length);
            if (usedBytes() + growth > capacityBytes) {
                throw new IOException("simulated: no space left on device");
            }
            if (growth > 0) {
                content.now = Arrays.copyOf(content.now, end);
            }
            from.get(content.now, (int) offset, from.remaining());
            crashIfDue();
        }

        @Override
        public void force() throws IOException {
            change();
            if (calls != crashAtCall) {
                content.durable = content.now.clone();
            }
            crashIfDue();
        }

        @Override
        public long size() {
            return content.now.length;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }
}

package celeriant.log.embedded;

import celeriant.log.embedded.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk that hands everything on; a test overrides what it wants to be otherwise. */
class DiskLayer implements Disk {
    private final Disk below;

    DiskLayer(Disk below) {
        this.below = below;
    }

    /** What a test puts around a file. */
    interface AroundFile {
        DiskFile around(DiskFile file, boolean isNew);
    }

    /** A disk with something around each of its files. */
    static Disk filesOf(Disk disk, AroundFile layer) {
        return new DiskLayer(disk) {
            @Override
            DiskFile around(DiskFile file, boolean isNew) {
                return layer.around(file, isNew);
            }
        };
    }

    /** What is put around each file. */
    DiskFile around(DiskFile file, boolean isNew) {
        return file;
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return around(below.create(name), true);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return around(below.open(name), false);
    }

    @Override
    public List<String> list() throws IOException {
        return below.list();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        below.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        below.delete(name);
    }

    @Override
    public void syncFolder() throws IOException {
        below.syncFolder();
    }

    @Override
    public void writeOut(String name, long from, long bytes) {
        below.writeOut(name, from, bytes);
    }

    @Override
    public void letGo(String name) {
        below.letGo(name);
    }

    @Override
    public long usableBytes() throws IOException {
        return below.usableBytes();
    }

    @Override
    public void close() throws IOException {
        below.close();
    }

    /** A file that hands everything on. */
    static class FileLayer implements DiskFile {
        private final DiskFile below;

        FileLayer(DiskFile below) {
            this.below = below;
        }

        @Override
        public int read(ByteBuffer into, long offset) throws IOException {
            return below.read(into, offset);
        }

        @Override
        public void prepareReads() throws IOException {
            below.prepareReads();
        }

        @Override
        public void write(ByteBuffer from, long offset) throws IOException {
            below.write(from, offset);
        }

        @Override
        public void force() throws IOException {
            below.force();
        }

        @Override
        public long size() throws IOException {
            return below.size();
        }

        @Override
        public void close() throws IOException {
            below.close();
        }
    }
}

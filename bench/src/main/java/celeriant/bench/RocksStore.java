package celeriant.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB alone as an event store, as one would write it in an afternoon: events by position and by aggregate and
 * version in one synced batch per group. One thread takes all that waits.
 */
final class RocksStore implements AppendStore {
    private static final int GROUP_MAX = 1_024;
    private static final byte[] DATA = AppendPeer.payload().getBytes(StandardCharsets.US_ASCII);

    private final RocksDB db;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(GROUP_MAX * 4);
    private final Thread writer = Thread.ofPlatform().name("rocks-bench").unstarted(this::writeGroups);
    private final long[] versions;
    private long position;
    private volatile boolean closed;

    private record Waiting(int caller, int events, boolean keyed, CompletableFuture<Void> done) {}

    RocksStore(Path folder, int callersMax) throws RocksDBException {
        db = RocksDB.open(new Options().setCreateIfMissing(true), folder.toString());
        versions = new long[callersMax];
        writer.start();
    }

    @Override
    public String name() {
        return "RocksDB alone, synced";
    }

    @Override
    public CompletionStage<?> append(int caller, int events, boolean keyed) {
        Waiting waiting = new Waiting(caller, events, keyed, new CompletableFuture<>());
        queue.add(waiting);
        return waiting.done();
    }

    private void writeGroups() {
        List<Waiting> group = new ArrayList<>();
        try (WriteOptions synced = new WriteOptions().setSync(true)) {
            while (!closed) {
                Waiting first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                group.add(first);
                queue.drainTo(group, GROUP_MAX - 1);
                try (WriteBatch batch = new WriteBatch()) {
                    for (Waiting waiting : group) {
                        put(batch, waiting);
                    }
                    db.write(synced, batch);
                }
                group.forEach(waiting -> waiting.done().complete(null));
                group.clear();
            }
        } catch (RocksDBException e) {
            group.forEach(waiting -> waiting.done().completeExceptionally(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void put(WriteBatch batch, Waiting waiting) throws RocksDBException {
        for (int i = 0; i < waiting.events(); i++) {
            long version = ++versions[waiting.caller()];
            byte[] place =
                    ByteBuffer.allocate(9).put((byte) 'p').putLong(++position).array();
            batch.put(place, DATA);
            batch.put(
                    ByteBuffer.allocate(13)
                            .put((byte) 'a')
                            .putInt(waiting.caller())
                            .putLong(version)
                            .array(),
                    place);
            if (waiting.keyed()) {
                batch.put(
                        ByteBuffer.allocate(9)
                                .put((byte) 'k')
                                .putInt(waiting.caller())
                                .putInt((int) version % 1_000)
                                .array(),
                        place);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            writer.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        db.close();
    }
}

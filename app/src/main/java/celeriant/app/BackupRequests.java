package celeriant.app;

import celeriant.log.embedded.EmbeddedEventLog;
import celeriant.log.embedded.backup.BackupReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How {@code celeriant backup} asks a running gateway for a backup: through two files in its data folder, so that
 * whoever may write the data may back it up, and nobody else. {@code backup.request} holds an id and the target's
 * absolute path, one a line; {@code backup.answer} the same id, {@code done} or {@code failed}, and a sentence. The
 * gateway takes a request away when it begins.
 */
final class BackupRequests implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackupRequests.class);
    private static final String REQUEST = "backup.request";
    private static final String ANSWER = "backup.answer";
    private static final String DONE = "done";
    private static final long POLL_MILLIS = 200;

    private final Path data;
    private final EmbeddedEventLog log;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private BackupRequests(Path data, EmbeddedEventLog log) {
        this.data = data;
        this.log = log;
        this.thread = Thread.ofPlatform().name("celeriant-backup").daemon().unstarted(this::run);
    }

    /** Answers requests until it is closed. */
    static BackupRequests answer(Path data, EmbeddedEventLog log) {
        BackupRequests requests = new BackupRequests(data, log);
        requests.thread.start();
        return requests;
    }

    private void run() {
        try {
            while (!stop.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() {
        // Mostly nobody asks, and to look costs far less than to fail.
        if (!Files.exists(data.resolve(REQUEST))) {
            return;
        }
        try {
            String[] request = Files.readString(data.resolve(REQUEST)).split("\n", 2);
            Files.delete(data.resolve(REQUEST));
            if (request.length == 2) {
                write(data, ANSWER, request[0] + "\n" + backup(request[1]));
            }
        } catch (NoSuchFileException e) {
            // It was taken back.
        } catch (IOException e) {
            LOG.error("a backup request in {} cannot be read or answered", data, e);
        }
    }

    private String backup(String to) {
        try {
            return DONE + "\n" + sentence(log.backup(Path.of(to)));
        } catch (IOException | RuntimeException e) {
            return "failed\n" + e.getMessage();
        }
    }

    static String sentence(BackupReport report) {
        return report.segments() + " segments, " + report.segmentsNew() + " of them new with " + report.bytesNew()
                + " bytes";
    }

    private static void write(Path data, String name, String text) throws IOException {
        Path temporary = data.resolve(name + ".new");
        Files.writeString(temporary, text);
        Files.move(temporary, data.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Asks the gateway that has the folder open, and waits for its answer.
     *
     * @param takenMillis how long the gateway may take to notice
     * @return what it did
     */
    static String ask(Path data, Path to, long takenMillis) throws IOException {
        String id = Long.toHexString(new SecureRandom().nextLong());
        Files.deleteIfExists(data.resolve(ANSWER));
        write(data, REQUEST, id + "\n" + to.toAbsolutePath().normalize());
        long waited = 0;
        while (true) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
            waited += POLL_MILLIS;
            if (Files.exists(data.resolve(ANSWER))) {
                String[] answer = Files.readString(data.resolve(ANSWER)).split("\n", 3);
                if (answer.length == 3 && answer[0].equals(id)) {
                    Files.delete(data.resolve(ANSWER));
                    if (answer[1].equals(DONE)) {
                        return answer[2];
                    }
                    throw new CannotRunException("the backup failed: " + answer[2]);
                }
            }
            if (waited >= takenMillis && Files.deleteIfExists(data.resolve(REQUEST))) {
                throw new CannotRunException("the folder " + data + " is open, and not by a gateway that answers");
            }
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

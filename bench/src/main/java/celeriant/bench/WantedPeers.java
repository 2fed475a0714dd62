package celeriant.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The servers of a run: this gateway; with {@code -Dbeside=CLASSPATH} one more, from other classes; and the Durable
 * Streams server if it is on the PATH. With {@code -Dwithout=TEXT} no peer whose name contains the text.
 */
final class WantedPeers {
    private WantedPeers() {}

    /** Starts them one by one; who takes them closes them, those before one that does not start, too. */
    static void start(Path folder, List<String> jvmFlags, Consumer<StreamPeer> into)
            throws IOException, InterruptedException {
        into.accept(new CeleriantPeer(Files.createDirectories(folder.resolve("celeriant")), jvmFlags));
        String beside = System.getProperty("beside");
        if (beside != null) {
            Path besides = Files.createDirectories(folder.resolve("beside"));
            into.accept(new CeleriantPeer("Celeriant beside", besides, jvmFlags, beside));
        }
        Path durableStreams = isWanted("Durable Streams") ? Commands.onPath("durable-streams-server") : null;
        if (durableStreams != null) {
            Path streams = Files.createDirectories(folder.resolve("durable-streams"));
            into.accept(new DurableStreamsPeer(durableStreams, streams));
        }
    }

    static boolean isWanted(String peer) {
        String without = System.getProperty("without");
        return without == null || !peer.contains(without);
    }
}

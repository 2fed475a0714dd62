package celeriant.log.embedded.verify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whether records follow from each other: positions of an org, versions of an aggregate and sequences of a client
 * without gaps, back pointers that lead to the client's append before, a chain whose hashes are right. Keeps a few
 * numbers per org, aggregate and client. Confined to one thread.
 */
final class HistoryCheck {
    private static final int HASH_BYTES = 32;

    private record Aggregate(String org, String type, String id) {}

    private record Client(String org, String id) {}

    private record Settled(long sequence, long place) {}

    private record Head(long position, byte[] hash) {}

    private final Map<String, Head> orgs = new HashMap<>();
    private final Map<Aggregate, Long> versions = new HashMap<>();
    private final Map<Client, Settled> clients = new HashMap<>();

    /** Checks the next record. @param found is told what is wrong */
    void next(RecordParser.Parsed record, long place, Consumer<String> found) {
        if (record.kind() == RecordParser.APPEND) {
            append(record, found);
        }
        if (record.kind() == RecordParser.APPEND || record.kind() == RecordParser.REJECTION) {
            client(record, place, found);
        }
    }

    private void append(RecordParser.Parsed append, Consumer<String> found) {
        Head head = orgs.getOrDefault(append.org(), new Head(0, new byte[HASH_BYTES]));
        if (append.position() != head.position + 1) {
            found.accept("org " + append.org() + ": position " + append.position() + " follows " + head.position);
        }
        boolean isWhole = append.events().stream().noneMatch(RecordParser.ParsedEvent::isRemoved);
        if (isWhole && !Arrays.equals(ChainHash.after(head.hash, append), append.hash())) {
            found.accept("org " + append.org() + ": the hash after position " + append.position()
                    + " does not follow from what is before it");
        }
        for (RecordParser.ParsedEvent event : append.events()) {
            Aggregate aggregate = new Aggregate(append.org(), event.aggregateType(), event.aggregateId());
            long before = versions.getOrDefault(aggregate, 0L);
            if (event.version() != before + 1) {
                found.accept("aggregate " + aggregate.type + "/" + aggregate.id + " of org " + append.org()
                        + ": version " + event.version() + " follows " + before);
            }
            versions.put(aggregate, event.version());
        }
        long last = append.position() + append.events().size() - 1;
        orgs.put(append.org(), new Head(last, append.hash()));
    }

    private void client(RecordParser.Parsed record, long place, Consumer<String> found) {
        if (record.sequence() == 0) {
            return;
        }
        Client client = new Client(record.org(), record.client());
        Settled before = clients.getOrDefault(client, new Settled(0, 0));
        if (record.sequence() != before.sequence + 1) {
            found.accept("client " + client.id + " of org " + client.org + ": sequence " + record.sequence()
                    + " follows " + before.sequence);
        }
        if (record.previous() != before.place) {
            found.accept("client " + client.id + " of org " + client.org + ": sequence " + record.sequence()
                    + " points back to another place than that of the one before");
        }
        clients.put(client, new Settled(record.sequence(), place));
    }
}

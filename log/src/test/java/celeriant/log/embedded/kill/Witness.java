package celeriant.log.embedded.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.LogHead;
import celeriant.log.MergedRead;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Remembers what processes that write to one log said, and holds the log against it: everything acknowledged is there
 * where it was said to be, positions, versions and sequences have no gaps, no append is there twice, and what was read
 * once is still the same. Reads on from where it stopped the last time; the chain's hash vouches for what lies before.
 * Confined to one thread.
 */
final class Witness {
    private static final int PAGE_EVENTS = 5000;

    private record Acknowledged(String client, long number, UUID id, long first, long last) {}

    private final Map<Long, Acknowledged> toBeSeen = new TreeMap<>();
    private final Map<UUID, Acknowledged> acknowledged = new HashMap<>();
    private final Map<Long, String> hashes = new TreeMap<>();
    private final Map<AggregateId, Long> versions = new HashMap<>();
    private final Map<ClientId, Long> sequences = new HashMap<>();
    private final Map<AggregateId, Map<String, Long>> registers = new HashMap<>();
    private final Set<UUID> appends = new HashSet<>();
    private long seen;
    private UUID lastAppend;

    /** Takes down a line of {@link LoadProcess}. @return whether it was an acknowledgement */
    boolean hear(String line) {
        String[] words = line.split(" ");
        switch (words[0]) {
            case "ack" ->
                acknowledge(new Acknowledged(
                        words[1],
                        Long.parseLong(words[2]),
                        UUID.fromString(words[3]),
                        Long.parseLong(words[4]),
                        Long.parseLong(words[5])));
            case "head" -> remember(Long.parseLong(words[1]), words[2]);
            case "open" -> {}
            default -> throw new AssertionError("the process says: " + line);
        }
        return words[0].equals("ack");
    }

    private void acknowledge(Acknowledged ack) {
        Acknowledged before = acknowledged.put(ack.id, ack);
        if (before != null) {
            assertEquals(before, ack, "the same append was acknowledged differently");
        } else if (ack.first > seen) {
            Acknowledged there = toBeSeen.put(ack.first, ack);
            assertNull(there, () -> "two appends at one position: " + there + ", " + ack);
        } else {
            assertTrue(appends.contains(ack.id), () -> "acknowledged, but what is there is another: " + ack);
        }
    }

    private void remember(long position, String hash) {
        String before = hashes.put(position, hash);
        assertTrue(before == null || before.equals(hash), "position " + position + " has two hashes");
    }

    int acknowledgements() {
        return acknowledged.size();
    }

    long events() {
        return seen;
    }

    /** Reads what is new and compares. */
    void compare(EventLog log) {
        LogHead head = log.head(LoadProcess.ORG);
        assertTrue(head.position() >= seen, "the log ended at " + seen + " and ends now at " + head.position());
        while (seen < head.position()) {
            EventPage page = log.readMerged(
                    LoadProcess.ORG,
                    new MergedRead(seen, Long.MAX_VALUE, PAGE_EVENTS, 8 << 20, Set.of(), Set.of(), Set.of()));
            page.events().forEach(this::see);
            assertEquals(page.covered(), seen, "the page covers more than it holds");
        }
        assertTrue(toBeSeen.isEmpty(), () -> "acknowledged and lost: " + toBeSeen.values());
        if (head.position() > 0) {
            remember(head.position(), head.hash());
        }
        hashes.forEach((position, hash) ->
                assertEquals(hash, log.hashAt(LoadProcess.ORG, position).orElse("none"), "hash at " + position));
        compareHeads(log);
    }

    private void see(RecordedEvent event) {
        seen++;
        assertEquals(seen, event.position(), "a gap in the merged log");
        assertEquals(
                versions.merge(event.event().aggregate(), 1L, Long::sum),
                event.version(),
                () -> "a gap in " + event.event().aggregate());
        if (!event.append().equals(lastAppend)) {
            begin(event);
        }
        if (event.event().key() != null) {
            registers
                    .computeIfAbsent(event.event().aggregate(), aggregate -> new TreeMap<>())
                    .put(event.event().key(), event.version());
        }
        Acknowledged ack = acknowledged.get(event.append());
        if (ack != null) {
            boolean isThere = ack.first <= seen && seen <= ack.last;
            assertTrue(isThere, () -> ack + " has an event at " + seen);
            toBeSeen.remove(ack.first);
        }
    }

    private void begin(RecordedEvent event) {
        lastAppend = event.append();
        assertTrue(appends.add(event.append()), () -> "twice in the log: " + event.append());
        if (event.sequence() > 0) {
            long expected = sequences.merge(event.client(), 1L, Long::sum);
            assertEquals(expected, event.sequence(), () -> "a gap in the sequences of " + event.client());
        }
    }

    private void compareHeads(EventLog log) {
        sequences.forEach((client, sequence) -> assertEquals(
                sequence, log.clientHead(LoadProcess.ORG, client).orElseThrow().sequence()));
        versions.forEach((aggregate, version) -> {
            var state = log.state(LoadProcess.ORG, aggregate).orElseThrow();
            assertEquals(version, state.version());
            Map<String, Long> found = new TreeMap<>();
            for (Map.Entry<String, Register> register : state.registers().entrySet()) {
                found.put(register.getKey(), register.getValue().version());
            }
            assertEquals(registers.getOrDefault(aggregate, Map.of()), found, () -> "registers of " + aggregate);
        });
    }
}

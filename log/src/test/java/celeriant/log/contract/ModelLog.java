package celeriant.log.contract;

import celeriant.log.AppendRequest;
import celeriant.log.DeleteRequest;
import celeriant.log.SnapshotRequest;
import celeriant.log.TrimRequest;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One org's log, as naively as the protocol reads: lists that are searched from the start for every question. Shares no
 * code with the sequencer, so that a fault in either shows as a difference. Answers as {@link Description} words them.
 */
final class ModelLog {
    /** One event; {@code gone}: trimmed or deleted. */
    static final class Entry {
        final Event event;
        final long version;
        final long position;
        final ClientId client;
        final long sequence;
        boolean gone;

        Entry(Event event, long version, long position, ClientId client, long sequence) {
            this.event = event;
            this.version = version;
            this.position = position;
            this.client = client;
            this.sequence = sequence;
        }

        boolean isTombstone() {
            return event.type().startsWith("$");
        }

        @Override
        public String toString() {
            return position + "/" + version + " " + event.aggregate() + " " + event.type() + " " + event.key() + "="
                    + new String(event.data().bytes(), StandardCharsets.UTF_8) + " by " + client + " #" + sequence;
        }
    }

    /** A settled append. @param verdict without "duplicate of" @param discard what was asked; "" for an append */
    private record Settled(
            ClientId client,
            long sequence,
            UUID id,
            String verdict,
            long last,
            Map<AggregateId, Long> versions,
            String discard) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Settled> settled = new ArrayList<>();
    private final Map<AggregateId, Long> snapshots = new HashMap<>();
    private final Set<AggregateId> goneForGood = new HashSet<>();

    /** What the answer to a command must be. */
    static String answer(ModelLog model, Command command) {
        return switch (command) {
            case Command.Append append -> model.append(append.request());
            case Command.Trim trim -> model.trim(trim.request());
            case Command.Delete delete -> model.delete(delete.request());
            case Command.Snapshot snapshot -> model.snapshot(snapshot.request());
        };
    }

    List<Entry> entries() {
        return entries;
    }

    long position() {
        return entries.size();
    }

    long version(AggregateId aggregate) {
        return entries.stream()
                .filter(entry -> entry.event.aggregate().equals(aggregate))
                .count();
    }

    boolean exists(AggregateId aggregate) {
        String lastType = "$deleted";
        for (Entry entry : entries) {
            lastType = entry.event.aggregate().equals(aggregate) ? entry.event.type() : lastType;
        }
        return !lastType.equals("$deleted");
    }

    /** Versions that are still there. */
    List<Entry> present(AggregateId aggregate) {
        return entries.stream()
                .filter(entry -> entry.event.aggregate().equals(aggregate) && !entry.gone)
                .toList();
    }

    /** The version of the published snapshot, or null. */
    Long snapshot(AggregateId aggregate) {
        return snapshots.get(aggregate);
    }

    /** Registers by key, as {@code data@version}. */
    TreeMap<String, String> registers(AggregateId aggregate) {
        TreeMap<String, String> registers = new TreeMap<>();
        for (Entry entry : entries) {
            if (!entry.event.aggregate().equals(aggregate)) {
                continue;
            }
            String data = new String(entry.event.data().bytes(), StandardCharsets.UTF_8);
            if (entry.event.type().equals("$deleted")) {
                registers.clear();
            } else if (entry.event.key() != null && data.equals("null")) {
                registers.remove(entry.event.key());
            } else if (entry.event.key() != null) {
                registers.put(entry.event.key(), data + "@" + entry.version);
            }
        }
        return registers;
    }

    long headSequence(ClientId client) {
        return settled.stream()
                .filter(each -> each.client().equals(client))
                .mapToLong(Settled::sequence)
                .max()
                .orElse(0);
    }

    private Settled bySequence(ClientId client, long sequence) {
        return settled.stream()
                .filter(each -> each.client().equals(client) && each.sequence() == sequence)
                .findFirst()
                .orElse(null);
    }

    private Settled byId(ClientId client, UUID id) {
        return settled.stream()
                .filter(each -> each.client().equals(client)
                        && each.sequence() == 0
                        && each.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    String head(ClientId client) {
        long sequence = headSequence(client);
        if (sequence == 0) {
            return "none";
        }
        long position = settled.stream()
                .filter(each -> each.client().equals(client) && each.sequence() > 0)
                .mapToLong(Settled::last)
                .max()
                .orElse(0);
        return sequence + "@" + position + " " + bySequence(client, sequence).id();
    }

    String append(AppendRequest request) {
        String refusal = refusal(request);
        if (refusal != null) {
            return "refused " + refusal;
        }
        List<String> results = new ArrayList<>();
        for (Append append : request.appends()) {
            results.add(settle(request.client(), append));
        }
        return results + " head " + head(request.client());
    }

    private String refusal(AppendRequest request) {
        ClientId client = request.client();
        long next = headSequence(client) + 1;
        String gap = "sequence-gap{expectedSequence=" + next + "}";
        if (request.after() != null) {
            Settled before = bySequence(client, request.after().sequence());
            if (before == null) {
                return gap;
            }
            if (!before.id().equals(request.after().id())) {
                return "client-forked";
            }
        }
        if (!request.appends().isEmpty() && request.appends().get(0).sequence() > next) {
            return gap;
        }
        for (Append append : request.appends()) {
            Settled there = append.sequence() == 0 ? null : bySequence(client, append.sequence());
            if (there != null && !there.id().equals(append.id())) {
                return "client-forked";
            }
        }
        return null;
    }

    private String settle(ClientId client, Append append) {
        Settled earlier = append.sequence() > 0 ? bySequence(client, append.sequence()) : byId(client, append.id());
        if (earlier != null && append.sequence() == 0 && append.fault() == null && !isOf(earlier, append)) {
            return "rejected bad-request";
        }
        if (earlier != null) {
            return (earlier.verdict().startsWith("appended") ? "duplicate of " : "") + earlier.verdict();
        }
        if (append.fault() != null) {
            return reject(client, append, append.fault().code().code());
        }
        if (RandomRule.denies(append, registers(RandomRule.GUARD).get(RandomRule.KEY))) {
            return reject(client, append, "access-denied");
        }
        if (append.events().stream().anyMatch(event -> goneForGood.contains(event.aggregate()))) {
            return reject(client, append, "gone");
        }
        for (AggregateId aggregate : RandomCommands.AGGREGATES.stream().sorted().toList()) {
            long actual = exists(aggregate) ? version(aggregate) : 0;
            ExpectedVersion expected = append.expected().getOrDefault(aggregate, new ExpectedVersion.Any());
            boolean fails = expected instanceof ExpectedVersion.Exactly exactly && exactly.version() != actual
                    || expected instanceof ExpectedVersion.None && actual != 0;
            if (fails) {
                long number = expected instanceof ExpectedVersion.Exactly exactly ? exactly.version() : 0;
                return Description.conflict(aggregate.toString(), number, actual);
            }
        }
        return record(client, append.sequence(), append.id(), append.events(), "");
    }

    private static boolean isOf(Settled earlier, Append append) {
        Set<AggregateId> named = append.events().stream().map(Event::aggregate).collect(Collectors.toSet());
        return earlier.discard().isEmpty() && earlier.versions().keySet().equals(named);
    }

    private String reject(ClientId client, Append append, String code) {
        if (append.sequence() > 0) {
            settled.add(new Settled(client, append.sequence(), append.id(), "rejected " + code, 0, Map.of(), ""));
        }
        return "rejected " + code;
    }

    private String record(ClientId client, long sequence, UUID id, List<Event> events, String discard) {
        long first = position() + 1;
        TreeMap<AggregateId, Long> versions = new TreeMap<>();
        for (Event event : events) {
            long version = version(event.aggregate()) + 1;
            entries.add(new Entry(event, version, position() + 1, client, sequence));
            versions.put(event.aggregate(), version);
        }
        String verdict = Description.appended(first, position(), versions);
        settled.add(new Settled(client, sequence, id, verdict, position(), versions, discard));
        return verdict;
    }

    String trim(TrimRequest request) {
        AggregateId aggregate = request.aggregate();
        String asked = "trim " + request.before();
        String repeat = repeatedDiscard(request.client(), request.id(), aggregate, asked);
        if (repeat != null) {
            return repeat;
        }
        if (!exists(aggregate)) {
            return "refused not-found";
        }
        if (!matches(request.expected(), aggregate)) {
            return "refused version-conflict{actual=" + version(aggregate) + "}";
        }
        if (request.before() < 1 || request.before() > version(aggregate) + 1) {
            return "refused bad-request";
        }
        List<Entry> falling = present(aggregate).stream()
                .filter(entry -> entry.version < request.before())
                .toList();
        if (falling.isEmpty()) {
            return "discarded " + version(aggregate) + "@" + position();
        }
        long covered = snapshots.getOrDefault(aggregate, 0L);
        boolean loses = falling.stream()
                .anyMatch(entry -> !entry.isTombstone() && entry.event.key() == null && entry.version > covered);
        if (loses && !request.force()) {
            return "refused keyless-events";
        }
        falling.forEach(entry -> entry.gone = true);
        boolean snapshotGoes = loses && snapshots.remove(aggregate) != null;
        String data = "{\"firstVersion\":" + request.before() + (snapshotGoes ? ",\"snapshot\":false}" : "}");
        return discard(request.client(), request.id(), aggregate, asked, "$trimmed", data);
    }

    private boolean matches(ExpectedVersion expected, AggregateId aggregate) {
        return expected instanceof ExpectedVersion.Any
                || expected instanceof ExpectedVersion.Exactly exactly && exactly.version() == version(aggregate);
    }

    String delete(DeleteRequest request) {
        AggregateId aggregate = request.aggregate();
        String asked = "delete " + request.recreate();
        String repeat = repeatedDiscard(request.client(), request.id(), aggregate, asked);
        if (repeat != null) {
            return repeat;
        }
        if (!exists(aggregate)) {
            return "refused not-found";
        }
        if (!matches(request.expected(), aggregate)) {
            return "refused version-conflict{actual=" + version(aggregate) + "}";
        }
        snapshots.remove(aggregate);
        if (!request.recreate()) {
            goneForGood.add(aggregate);
        }
        String data = "{\"recreate\":" + request.recreate() + "}";
        String answer = discard(request.client(), request.id(), aggregate, asked, "$deleted", data);
        present(aggregate).forEach(entry -> entry.gone = true);
        return answer;
    }

    private String repeatedDiscard(ClientId client, UUID id, AggregateId aggregate, String asked) {
        Settled earlier = id == null ? null : byId(client, id);
        if (earlier == null) {
            return null;
        }
        Long version = earlier.versions().get(aggregate);
        boolean same = version != null && earlier.discard().equals(asked);
        return !same ? "refused bad-request" : "discarded " + version + "@" + earlier.last();
    }

    private String discard(ClientId client, UUID id, AggregateId aggregate, String asked, String type, String data) {
        UUID given = id == null ? new UUID(-1, settled.size()) : id;
        record(client, 0, given, List.of(Event.of(aggregate, type, LogFixture.json(data))), asked);
        return "discarded " + version(aggregate) + "@" + position();
    }

    String snapshot(SnapshotRequest request) {
        AggregateId aggregate = request.aggregate();
        if (!exists(aggregate)) {
            return "refused not-found";
        }
        if (request.version() < 1 || request.version() > version(aggregate)) {
            return "refused bad-request";
        }
        if (!mayBeSnapshotOf(aggregate, request.version())) {
            return "refused gone";
        }
        Long stored = snapshots.get(aggregate);
        if (!request.expected().matches(stored == null ? 0 : stored, stored != null)) {
            return "refused version-conflict{actual=" + (stored == null ? 0 : stored) + "}";
        }
        boolean replaces = stored != null && stored == request.version();
        if (stored != null && (stored > request.version() || replaces && !request.replaceSame())) {
            return "refused version-conflict{actual=" + stored + "}";
        }
        snapshots.put(aggregate, request.version());
        return "stored, replaced " + (stored != null);
    }

    /** Not of what was deleted since, and not without an event between it and the first that is there. */
    private boolean mayBeSnapshotOf(AggregateId aggregate, long version) {
        return entries.stream()
                .filter(entry -> entry.event.aggregate().equals(aggregate) && entry.version >= version)
                .noneMatch(entry -> entry.event.type().equals("$deleted") || entry.gone && entry.version > version);
    }
}

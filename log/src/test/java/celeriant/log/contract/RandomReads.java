package celeriant.log.contract;

import celeriant.log.AggregateRead;
import celeriant.log.EventLog;
import celeriant.log.EventPage;
import celeriant.log.MergedRead;
import celeriant.log.TrimmedException;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Random reads, as text that two logs with the same history must agree on. */
final class RandomReads {
    private static final List<String> EVENT_TYPES = List.of("a", "b", "$trimmed", "never");
    private static final List<String> TYPES = List.of("canvas", "plot", "$access.canvas", "none");
    private static final List<ClientId> CLIENTS =
            List.of(new ClientId("ana"), new ClientId("ben"), new ClientId("svc.books"), new ClientId("nobody"));

    private final SplittableRandom random;
    private final String org;

    RandomReads(SplittableRandom random, String org) {
        this.random = random;
        this.org = org;
    }

    /** What both logs are asked; the same question for both. */
    interface Question {
        String ask(EventLog log);
    }

    Question next(long position) {
        AggregateId aggregate = pick(RandomCommands.AGGREGATES);
        long number = random.nextLong(position + 2);
        int limit = 1 + random.nextInt(6);
        ClientId client = pick(CLIENTS);
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> merged(number, limit);
            case 3 -> aggregateRead(aggregate, number, limit);
            case 4 -> log -> "state at " + number + " " + caught(() -> stateAt(log, aggregate, number));
            case 5 -> log -> "state " + log.state(org, aggregate).map(Description::of) + log.aggregate(org, aggregate);
            case 6 ->
                log -> "head " + log.clientHead(org, client).map(Description::of) + " hash at " + number + " "
                        + log.hashAt(org, number).map(String::length);
            default -> listing(limit);
        };
    }

    private Question merged(long after, int limit) {
        long to = random.nextInt(3) == 0 ? after + random.nextInt(9) : Long.MAX_VALUE;
        int bytes = random.nextBoolean() ? 1 + random.nextInt(30) : 1 << 20;
        Set<AggregateId> aggregates = some(RandomCommands.AGGREGATES);
        MergedRead read = new MergedRead(after, to, limit, bytes, aggregates, some(TYPES), some(EVENT_TYPES));
        return log -> read + " " + allPages(log, read);
    }

    /** All events that are shown; page by page only when nothing is filtered, where an engine has no choice. */
    private String allPages(EventLog log, MergedRead read) {
        List<Object> shown = new ArrayList<>();
        boolean isPlain = read.aggregates().isEmpty()
                && read.types().isEmpty()
                && read.eventTypes().isEmpty();
        MergedRead next = read;
        while (true) {
            EventPage page = log.readMerged(org, next);
            List<String> events = Description.of(page.events());
            if (isPlain) {
                shown.add(events);
            } else {
                shown.addAll(events);
            }
            if (page.last()) {
                return shown + " covered " + page.covered() + " head " + page.head();
            }
            next = next.from(page.covered());
        }
    }

    private Question aggregateRead(AggregateId aggregate, long after, int limit) {
        long to = random.nextInt(3) == 0 ? after + random.nextInt(9) : Long.MAX_VALUE;
        int bytes = random.nextBoolean() ? 1 + random.nextInt(30) : 1 << 20;
        AggregateRead read = new AggregateRead(after, to, limit, bytes, some(EVENT_TYPES));
        return log -> {
            EventPage page = log.readAggregate(org, aggregate, read);
            return aggregate + " " + read + " " + Description.of(page.events()) + " covered " + page.covered()
                    + " last " + page.last() + " head " + page.head() + " first " + page.firstVersion();
        };
    }

    private Question listing(int limit) {
        String type = pick(TYPES);
        String after = random.nextBoolean() ? "" : "a";
        return log -> log.types(org) + " " + type + ": " + log.aggregates(org, type, after, limit);
    }

    private String stateAt(EventLog log, AggregateId aggregate, long version) {
        return log.stateAt(org, aggregate, version).map(Description::of).toString();
    }

    private static String caught(Supplier<String> question) {
        try {
            return question.get();
        } catch (TrimmedException e) {
            return "trimmed, first " + e.firstVersion();
        }
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private <T> Set<T> some(List<T> choices) {
        Set<T> some = new HashSet<>();
        for (int i = random.nextInt(6) - 3; i > 0; i--) {
            some.add(pick(choices));
        }
        return some;
    }
}

package celeriant.gateway.stream;

import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.read.MergedQuery;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * One-use tickets for subscriptions whose reader cannot send headers (EventSource): the only token that ever stands in
 * a URL, and good for half a minute. Any thread.
 */
public final class Tickets {
    static final long LIFE_MILLIS = 30_000;

    /** Tickets that wait at most. */
    static final int WAITING_MAX = 100_000;

    /** Of one device. */
    static final int DEVICE_MAX = 100;
    /** Names in their filters, all together. */
    static final int NAMES_MAX = 1_000_000;

    private static final int RANDOM_BYTES = 24;

    private final InstantSource clock;
    private final IntFunction<byte[]> random;
    private final Map<String, Ticket> waiting = new LinkedHashMap<>();
    private final Map<ClientId, Integer> clients = new HashMap<>();
    private int names;

    /** What was asked for with a ticket, by whom. */
    record Ticket(String org, Principal principal, MergedQuery query, long expiresAtMillis) {}

    /** {@code random} gives that many bytes that nobody can guess. */
    public Tickets(InstantSource clock, IntFunction<byte[]> random) {
        this.clock = clock;
        this.random = random;
    }

    synchronized String issue(String org, Principal principal, MergedQuery query) {
        forgetLate();
        int size = size(query);
        if (waiting.size() >= WAITING_MAX || names + size > NAMES_MAX) {
            throw RefusedException.of(ErrorCode.BUSY, "Too many subscriptions wait to be opened.");
        }
        if (principal.isDevice() && clients.getOrDefault(principal.client(), 0) >= DEVICE_MAX) {
            throw RefusedException.of(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "A device has at most " + DEVICE_MAX + " subscriptions that wait to be opened.");
        }
        names += size;
        clients.merge(principal.client(), 1, Integer::sum);
        String name = Base64.getUrlEncoder().withoutPadding().encodeToString(random.apply(RANDOM_BYTES));
        waiting.put(name, new Ticket(org, principal, query, clock.millis() + LIFE_MILLIS));
        return name;
    }

    /** Takes it: the second time, or late, there is none. */
    synchronized Optional<Ticket> take(String org, String name) {
        forgetLate();
        Ticket ticket = waiting.get(name);
        if (ticket == null || !ticket.org().equals(org)) {
            return Optional.empty();
        }
        waiting.remove(name);
        gone(ticket);
        return Optional.of(ticket);
    }

    /** Whether it is there to be taken; it stays. */
    synchronized boolean isGood(String org, String name) {
        forgetLate();
        Ticket ticket = waiting.get(name);
        return ticket != null && ticket.org().equals(org);
    }

    private void forgetLate() {
        long now = clock.millis();
        var oldest = waiting.values().iterator();
        while (oldest.hasNext()) {
            Ticket ticket = oldest.next();
            if (ticket.expiresAtMillis() > now) {
                return;
            }
            oldest.remove();
            gone(ticket);
        }
    }

    private void gone(Ticket ticket) {
        names -= size(ticket.query());
        clients.computeIfPresent(ticket.principal().client(), (client, count) -> count == 1 ? null : count - 1);
    }

    private static int size(MergedQuery query) {
        return query.aggregates().size()
                + query.types().size()
                + query.eventTypes().size();
    }
}

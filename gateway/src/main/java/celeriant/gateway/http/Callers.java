package celeriant.gateway.http;

import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each caller takes of the gateway at the moment, held to its {@link TrafficLimits}. What is known of one who has
 * come to rest is forgotten. Any thread.
 */
public final class Callers {
    private static final long MINUTE_MILLIS = 60_000;
    private static final int NETWORK_GROUPS = 4;

    private final TrafficLimits limits;
    private final boolean behindProxy;
    private final InstantSource clock;
    private final Map<Name, Taken> clients = new ConcurrentHashMap<>();
    private final Map<String, BadProofs> provers = new ConcurrentHashMap<>();

    /** What one client takes. Guarded by itself. */
    private static final class Taken {
        final TokenBucket rate;
        int requests;
        int streams;

        Taken(TokenBucket rate) {
            this.rate = rate;
        }
    }

    /** A device is the same in all orgs ({@code org} is null), a key of one org is not another's of that name. */
    private record Name(String org, String client) {
        static Name of(String org, Principal principal) {
            return new Name(
                    principal.isDevice() ? null : org, principal.client().value());
        }
    }

    private record BadProofs(long minute, int count) {}

    /** @param behindProxy addresses are those that a proxy tells of */
    public Callers(TrafficLimits limits, boolean behindProxy, InstantSource clock) {
        this.limits = limits;
        this.behindProxy = behindProxy;
        this.clock = clock;
    }

    /**
     * One more request of {@code principal}; to be ended by running what this returns.
     *
     * @throws RefusedException {@code too-many-requests}
     */
    Runnable request(String org, Principal principal) {
        Name name = Name.of(org, principal);
        Taken taken = count(name, 1, 0, limits.clientRequestsMax(), Integer.MAX_VALUE);
        Runnable end = () -> count(name, -1, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
        if (principal.isDevice() && !taken.rate.take(clock.millis())) {
            end.run();
            throw tooMany("A device makes at most " + limits.deviceRequestsPerSecond() + " requests per second.");
        }
        return end;
    }

    /**
     * One more stream or long poll of {@code principal}; to be ended by running what this returns.
     *
     * @throws RefusedException {@code too-many-requests}
     */
    public Runnable stream(String org, Principal principal) {
        if (!principal.isDevice()) {
            return () -> {};
        }
        Name name = Name.of(org, principal);
        count(name, 0, 1, Integer.MAX_VALUE, limits.deviceStreamsMax());
        return () -> count(name, 0, -1, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private Taken count(Name name, int requests, int streams, int requestsMax, int streamsMax) {
        return clients.compute(name, (key, known) -> {
            Taken taken = known == null ? new Taken(bucket()) : known;
            if (taken.requests + requests > requestsMax) {
                throw tooMany("At most " + requestsMax + " requests of one client are worked on at once.");
            }
            if (taken.streams + streams > streamsMax) {
                throw tooMany("A device has at most " + streamsMax + " streams open at once.");
            }
            taken.requests += requests;
            taken.streams += streams;
            return taken;
        });
    }

    private TokenBucket bucket() {
        return new TokenBucket(limits.deviceRequestsPerSecond(), limits.deviceRequestsBurst(), clock.millis());
    }

    /** Where a request comes from; a proxy adds what it saw behind what its caller said. */
    String address(RequestHead head, Carrier carrier) {
        String told = behindProxy ? head.headers().last("X-Forwarded-For") : null;
        return network(
                told == null
                        ? carrier.address()
                        : told.substring(told.lastIndexOf(',') + 1).strip());
    }

    /** Of an address of IPv6 the network, which is one caller's. */
    private static String network(String address) {
        int end = -1;
        for (int group = 0; group < NETWORK_GROUPS; group++) {
            end = address.indexOf(':', end + 1);
            if (end < 0) {
                return address;
            }
        }
        return address.substring(0, end);
    }

    /**
     * Before a signature is looked at: whether few enough of {@code prover} did not verify. That is the thumbprint of a
     * device that has a token, so that it does not suffer from others at its address; else the address.
     */
    public boolean mayProve(String prover) {
        BadProofs bad = provers.get(prover);
        return bad == null || bad.minute() != minute() || bad.count() < limits.badProofsPerMinute();
    }

    /** What one is told that may not; later rather than soon, so that a flood waits instead of being worked on. */
    public static Problem tooManyBadProofs() {
        return Problem.of(
                ErrorCode.TOO_MANY_REQUESTS,
                "Too many of these proofs do not verify; they are looked at again in a minute.");
    }

    /** A proof did not verify. */
    public void badProof(String prover) {
        long now = minute();
        provers.merge(
                prover,
                new BadProofs(now, 1),
                (known, one) -> known.minute() == now ? new BadProofs(now, known.count() + 1) : one);
    }

    private long minute() {
        return Math.floorDiv(clock.millis(), MINUTE_MILLIS);
    }

    /** Forgets who has come to rest. */
    public void sweep() {
        long now = clock.millis();
        for (Name name : clients.keySet()) {
            clients.computeIfPresent(
                    name,
                    (key, taken) -> taken.requests == 0 && taken.streams == 0 && taken.rate.isFull(now) ? null : taken);
        }
        provers.values().removeIf(bad -> bad.minute() != minute());
    }

    /** How many callers are known. */
    public int known() {
        return clients.size() + provers.size();
    }

    private static RefusedException tooMany(String detail) {
        return RefusedException.of(ErrorCode.TOO_MANY_REQUESTS, detail);
    }
}

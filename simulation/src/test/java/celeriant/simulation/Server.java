package celeriant.simulation;

import celeriant.client.gateway.Http;
import celeriant.gateway.Gateway;
import celeriant.gateway.PortlessGateway;
import celeriant.gateway.access.Access;
import celeriant.gateway.access.AccessBodies;
import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.Grantee;
import celeriant.gateway.access.Level;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.access.SystemAppender;
import celeriant.gateway.http.Loop;
import celeriant.gateway.operator.Operator;
import celeriant.log.Admission;
import celeriant.log.DeleteRequest;
import celeriant.log.SnapshotRequest;
import celeriant.log.TrimRequest;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server's side: the log, the gateway over it, and an admin who changes rights, trims and deletes. */
final class Server {
    /** Events of this type are refused by the log. */
    static final String FORBIDDEN = "forbidden";

    private static final Operator OPERATOR = Operator.local(OrgPolicy.DEMO);
    private static final Admission RIGHTS = Gateway.admission(OPERATOR);
    private static final Admission NO_FORBIDDEN = (request, append, view) ->
            append.events().stream().anyMatch(event -> event.type().equals(FORBIDDEN))
                    ? new Admission.Denied(Problem.of(ErrorCode.ACCESS_DENIED, "not this"))
                    : RIGHTS.admit(request, append, view);
    private static final Principal ADMIN = Principal.backend(new ClientId("svc.admin"), Principal.Scope.ADMIN, "k1");

    private final Schedule schedule;
    private final Chance chance;
    private final WitnessedLog log;
    private final AccessService access;
    private final byte[] tokenSecret;
    private final List<Answering> open = new ArrayList<>();
    private PortlessGateway gateway;
    private Loop loop;
    private long generation;

    /** One request that is being answered. */
    private record Answering(Served served, Served.Taker taker) {}

    Server(Schedule schedule, Chance chance, WitnessedLog log) {
        this.schedule = schedule;
        this.chance = chance;
        this.log = log;
        this.tokenSecret = chance.bytes(32);
        SystemAppender appender = new SystemAppender(log, () -> Instant.ofEpochMilli(schedule.millis()), chance::id);
        this.access =
                Access.over(log, OPERATOR::policy, appender, chance::bytes).service();
        start();
    }

    static Admission admission() {
        return NO_FORBIDDEN;
    }

    boolean isUp() {
        return gateway != null;
    }

    void start() {
        if (gateway != null) {
            return;
        }
        long mine = ++generation;
        Turns turns = new Turns(schedule, () -> generation == mine);
        loop = new Loop(turns, 0);
        gateway = new PortlessGateway(
                new PortlessGateway.Parts(
                        log,
                        OPERATOR,
                        () -> Instant.ofEpochMilli(schedule.millis()),
                        Keys.signatures(),
                        chance.percent(50) ? tokenSecret : chance.bytes(32),
                        chance::bytes,
                        chance::id,
                        turns),
                loop);
    }

    /** The process is killed: what it was about to say is not said. */
    void kill() {
        if (gateway == null) {
            return;
        }
        gateway.close();
        gateway = null;
        generation++;
        List<Answering> cut = List.copyOf(open);
        open.clear();
        cut.forEach(one -> one.taker().cut());
    }

    /** The gateway is told to stop, tells its streams so, and is then killed. */
    void stop() {
        if (gateway != null) {
            long mine = generation;
            gateway.endStreams();
            schedule.in(50, () -> {
                if (generation == mine) {
                    kill();
                }
            });
        }
    }

    /** The log is put back to an earlier moment, under a gateway that starts anew. */
    void restore(int place) {
        kill();
        log.restore(place);
        start();
    }

    /** Where the log ended at an earlier place. */
    long positionAt(int place) {
        return log.positionAt(place);
    }

    int place() {
        return log.place();
    }

    /** Gives the request to the gateway; null if it is down. */
    Served receive(Http.Call call, Served.Taker taker) {
        if (gateway == null) {
            return null;
        }
        Served served = new Served(call, taker, loop);
        open.add(new Answering(served, taker));
        gateway.receive(served.head(), served);
        return served;
    }

    void done(Served served) {
        open.removeIf(one -> one.served() == served);
    }

    Level level(ClientId client, AggregateId aggregate) {
        return access.level(Laws.ORG, Principal.device(client), aggregate);
    }

    boolean exists(AggregateId aggregate) {
        return log.aggregate(Laws.ORG, aggregate).filter(one -> one.exists()).isPresent();
    }

    void revoke(ClientId client, AggregateId aggregate) {
        attempt(() -> access.revoke(Laws.ORG, ADMIN, aggregate, new Grantee.Client(client)));
    }

    void grant(ClientId client, AggregateId aggregate) {
        Grantee to = new Grantee.Client(client);
        AccessBodies.AccessPatch patch =
                new AccessBodies.AccessPatch(Map.of(to, Optional.of(Level.CONTRIBUTOR)), false, null);
        attempt(() -> access.patch(Laws.ORG, ADMIN, aggregate, patch, new ExpectedVersion.Any()));
    }

    private static void attempt(Runnable change) {
        try {
            change.run();
        } catch (RefusedException e) {
            Violation.unless(
                    e.problem().code() != ErrorCode.INTERNAL && e.problem().code() != ErrorCode.OUTCOME_UNKNOWN,
                    "the gateway has no faults of its own:",
                    e.problem());
        }
    }

    void trim(AggregateId aggregate, long before) {
        log.trim(new TrimRequest(
                Laws.ORG, ADMIN.client(), null, aggregate, new ExpectedVersion.Any(), before, true, ADMIN));
    }

    void delete(AggregateId aggregate) {
        log.delete(
                new DeleteRequest(Laws.ORG, ADMIN.client(), null, aggregate, new ExpectedVersion.Any(), true, ADMIN));
    }

    void snapshot(AggregateId aggregate, long version) {
        byte[] data = Long.toString(version).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        log.putSnapshot(new SnapshotRequest(
                Laws.ORG, aggregate, version, "application/json", data, true, new ExpectedVersion.Any(), ADMIN));
    }
}

package celeriant.gateway.presence;

import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.JsonBody;
import celeriant.gateway.access.Level;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.Targets;
import celeriant.log.AggregateSummary;
import celeriant.log.EventLog;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import celeriant.model.Names;
import celeriant.model.Problem;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import tools.jackson.databind.JsonNode;

/** {@code PUT …/presence}. */
public final class PresenceEndpoint {
    static final long TTL_SECONDS = 10;
    static final long TTL_SECONDS_MAX = 60;

    private final Presences presences;
    private final EventLog log;
    private final AccessService access;
    private final InstantSource clock;
    private final Limits limits;

    public PresenceEndpoint(
            Presences presences, EventLog log, AccessService access, InstantSource clock, Limits limits) {
        this.presences = presences;
        this.log = log;
        this.access = access;
        this.clock = clock;
        this.limits = limits;
    }

    public void put(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        AggregateId aggregate = Targets.applications(exchange);
        JsonNode root = JsonBody.object(body);
        Presences.Key key = new Presences.Key(aggregate, exchange.principal().client(), instance(root.get("instance")));
        byte[] data = data(root.get("data"));
        long ttlMillis = ttl(root.get("ttl")) * 1_000;
        exchange.answerFromWorker(() -> {
            requireMayBe(exchange.org(), exchange.principal(), aggregate);
            if (data == null) {
                presences.remove(exchange.org(), key);
            } else {
                put(exchange.org(), key, exchange.principal(), data, ttlMillis);
            }
            return Answer.empty(204);
        });
    }

    private void put(String org, Presences.Key key, Principal principal, byte[] data, long ttlMillis) {
        presences.put(org, key, principal, data, clock.millis() + ttlMillis);
        try {
            // Deleted or revoked before it was put, it has been told to those who were there then.
            requireMayBe(org, principal, key.aggregate());
        } catch (RefusedException e) {
            presences.remove(org, key);
            throw e;
        }
    }

    private void requireMayBe(String org, Principal principal, AggregateId aggregate) {
        access.require(org, principal, aggregate, Level.CONTRIBUTOR);
        log.aggregate(org, aggregate)
                .filter(AggregateSummary::exists)
                .orElseThrow(() -> RefusedException.of(ErrorCode.NOT_FOUND, "There is no " + aggregate + "."));
    }

    private static String instance(JsonNode node) {
        if (node == null || !node.isString() || !Names.isName(node.asString())) {
            throw RefusedException.badRequest("/instance", "instance is a name: which tab or window this is.");
        }
        return node.asString();
    }

    private byte[] data(JsonNode node) {
        if (node == null) {
            throw RefusedException.badRequest("/data", "data is missing; null takes the presence away.");
        }
        if (node.isNull()) {
            return null;
        }
        byte[] json = node.toString().getBytes(StandardCharsets.UTF_8);
        if (json.length > limits.presenceBytesMax()) {
            throw new RefusedException(Problem.tooLarge(
                    "/data",
                    "A presence has at most " + limits.presenceBytesMax() + " bytes of data.",
                    limits.presenceBytesMax(),
                    "bytes"));
        }
        return json;
    }

    private static long ttl(JsonNode node) {
        if (node == null || node.isNull()) {
            return TTL_SECONDS;
        }
        long seconds = JsonBody.count(node);
        if (seconds == 0) {
            throw RefusedException.badRequest("/ttl", "ttl is a whole number of seconds from 1 to 2^53-1.");
        }
        return Math.min(seconds, TTL_SECONDS_MAX);
    }
}

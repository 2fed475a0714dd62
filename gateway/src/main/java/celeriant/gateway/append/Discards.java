package celeriant.gateway.append;

import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Conditions;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.JsonFields;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.Targets;
import celeriant.log.DeleteRequest;
import celeriant.log.DiscardOutcome;
import celeriant.log.EventLog;
import celeriant.log.TrimRequest;
import celeriant.model.AggregateId;
import celeriant.model.ExpectedVersion;
import celeriant.wire.JsonBytes;
import java.util.UUID;

/**
 * {@code POST …/trim} and {@code DELETE} of an aggregate. Both are for owners, which the log asks in its order. Called
 * on event loops.
 */
public final class Discards {
    private final EventLog log;

    public Discards(EventLog log) {
        this.log = log;
    }

    public void trim(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        AggregateId aggregate = Targets.applications(exchange);
        ExpectedVersion expected = expected(exchange, "trimmed");
        UUID id = Conditions.idempotencyKey(exchange);
        JsonFields fields = JsonFields.read(body);
        long before = fields.integer("before", 1)
                .orElseThrow(() -> RefusedException.badRequest("/before", "before is missing: versions below it go."));
        boolean force = fields.bool("force", false);
        Principal principal = exchange.principal();
        exchange.answerWhen(
                log.trim(new TrimRequest(
                        exchange.org(), principal.client(), id, aggregate, expected, before, force, principal)),
                Discards::answer);
    }

    public void delete(Exchange exchange) {
        AggregateId aggregate = Targets.applications(exchange);
        ExpectedVersion expected = expected(exchange, "deleted");
        UUID id = Conditions.idempotencyKey(exchange);
        boolean recreate = exchange.query().bool("recreate", true);
        Principal principal = exchange.principal();
        exchange.answerWhen(
                log.delete(new DeleteRequest(
                        exchange.org(), principal.client(), id, aggregate, expected, recreate, principal)),
                Discards::answer);
    }

    private static ExpectedVersion expected(Exchange exchange, String done) {
        ExpectedVersion expected = Conditions.expected(exchange);
        if (expected instanceof ExpectedVersion.None) {
            throw Exchange.badHeader("If-None-Match", "What must not exist cannot be " + done + ".");
        }
        return expected;
    }

    private static Answer answer(DiscardOutcome outcome) {
        return switch (outcome) {
            case DiscardOutcome.Refused refused -> Answer.problem(Conditions.whereSent(refused.problem()));
            case DiscardOutcome.Discarded discarded -> {
                JsonBytes out = new JsonBytes();
                out.raw('{').name("position").number(discarded.position());
                out.name("version").number(discarded.version()).raw('}');
                yield Answer.json(200, out).withETag(discarded.version());
            }
        };
    }
}

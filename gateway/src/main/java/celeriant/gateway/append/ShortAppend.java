package celeriant.gateway.append;

import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Conditions;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.Query;
import celeriant.gateway.http.Targets;
import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.EventLog;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.AppendResult;
import celeriant.model.ExpectedVersion;
import celeriant.model.Limits;
import celeriant.wire.BadBodyException;
import celeriant.wire.Done;
import celeriant.wire.EventsReader;
import celeriant.wire.JsonBytes;
import celeriant.wire.ResultsWriter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * {@code POST /v1/{org}/{type}/{id}/events}: one append to one aggregate, its id, sequence and condition in headers.
 * Called on event loops.
 */
public final class ShortAppend {
    private final EventLog log;
    private final Limits limits;
    private final Supplier<UUID> ids;

    public ShortAppend(EventLog log, Limits limits, Supplier<UUID> ids) {
        this.log = log;
        this.limits = limits;
        this.ids = ids;
    }

    public void handle(Exchange exchange, byte[] body) {
        AggregateId aggregate = Targets.applications(exchange);
        MediaTypes.requireJson(exchange);
        Principal principal = exchange.principal();
        GeneralAppend.requireMayAppend(principal);
        long sequence = sequence(exchange);
        ExpectedVersion expected = Conditions.expected(exchange);
        UUID key = Conditions.idempotencyKey(exchange);
        requireIdentity(principal, key, sequence, expected);
        Append append = append(
                key == null ? ids.get() : key,
                sequence,
                expected instanceof ExpectedVersion.Any ? Map.of() : Map.of(aggregate, expected),
                read(body, aggregate));
        AppendRequest request =
                new AppendRequest(exchange.org(), principal.client(), null, List.of(append), principal, key == null);
        exchange.answerWhen(log.append(request), outcome -> answer(outcome, aggregate));
    }

    private static long sequence(Exchange exchange) {
        String header = exchange.singleHeader("Append-Sequence");
        if (header == null) {
            return 0;
        }
        long sequence = Query.wholeNumber(header.strip());
        if (sequence < 1 || sequence > Limits.INTEGER_MAX) {
            throw Exchange.badHeader("Append-Sequence", "Append-Sequence is a whole number from 1 to 2^53-1.");
        }
        return sequence;
    }

    private static void requireIdentity(Principal principal, UUID key, long sequence, ExpectedVersion expected) {
        boolean unconditional = expected instanceof ExpectedVersion.Any;
        if (sequence > 0 && !unconditional) {
            throw Exchange.badHeader("Append-Sequence", "An append has a sequence or a condition, not both.");
        }
        if (sequence > 0 && key == null) {
            throw Exchange.badHeader("Idempotency-Key", "An append with a sequence needs an id: Idempotency-Key.");
        }
        if (principal.isDevice() && key == null) {
            throw Exchange.badHeader("Idempotency-Key", "A device names its appends: Idempotency-Key, a UUID.");
        }
        if (principal.isDevice() && sequence == 0 && unconditional) {
            throw Exchange.badHeader(
                    "Append-Sequence", "A device's append has a sequence, or If-Match or If-None-Match.");
        }
    }

    private EventsReader.EventsBody read(byte[] body, AggregateId aggregate) {
        try {
            return EventsReader.read(body, 0, body.length, aggregate, limits);
        } catch (BadBodyException e) {
            throw new RefusedException(e.problem());
        }
    }

    private static Append append(
            UUID id, long sequence, Map<AggregateId, ExpectedVersion> expected, EventsReader.EventsBody read) {
        return read.fault() == null
                ? new Append(id, sequence, read.events(), expected, null)
                : Append.faulty(id, sequence, read.fault());
    }

    private static Answer answer(AppendOutcome outcome, AggregateId aggregate) {
        return switch (outcome) {
            case AppendOutcome.Refused refused -> Answer.problem(refused.problem());
            case AppendOutcome.Settled settled ->
                switch (settled.results().get(0)) {
                    case AppendResult.Appended appended ->
                        landed(
                                201,
                                appended.firstPosition(),
                                appended.lastPosition(),
                                appended.versions().get(aggregate));
                    case AppendResult.Duplicate duplicate ->
                        landed(
                                200,
                                duplicate.firstPosition(),
                                duplicate.lastPosition(),
                                duplicate.versions().getOrDefault(aggregate, 0L));
                    case AppendResult.Conflict conflict ->
                        Answer.problem(ResultsWriter.problemOf(conflict), Done.NOTHING);
                    case AppendResult.Rejected rejected ->
                        Answer.problem(Conditions.whereSent(rejected.problem()), ResultsWriter.doneOf(rejected));
                };
        };
    }

    private static Answer landed(int status, long first, long last, long version) {
        JsonBytes out = new JsonBytes();
        ResultsWriter.writeShort(first, last, version, out);
        return Answer.json(status, out).withETag(version);
    }
}

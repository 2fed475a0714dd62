package celeriant.gateway.read;

import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Conditions;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.Query;
import celeriant.gateway.http.Targets;
import celeriant.log.EventLog;
import celeriant.log.SnapshotOutcome;
import celeriant.log.SnapshotRequest;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.ExpectedVersion;
import celeriant.model.Snapshot;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code PUT} and {@code GET …/snapshot}: what an application publishes for an aggregate at a version. */
public final class Snapshots {
    private static final Pattern MEDIA_TYPE = Pattern.compile("[\\x21-\\x7e]+/[\\x20-\\x7e]+");
    private static final int MEDIA_TYPE_CHARS_MAX = 256;

    private final EventLog log;
    private final ReadGuard guard;

    public Snapshots(EventLog log, ReadGuard guard) {
        this.log = log;
        this.guard = guard;
    }

    /** Contributors publish newer ones; only owners replace the one of the same version: the log asks in its order. */
    public void put(Exchange exchange, byte[] body) {
        AggregateId aggregate = Targets.applications(exchange);
        long version = exchange.query()
                .integer("version", 1)
                .orElseThrow(() -> Query.bad("version", "version is missing: the version that the snapshot is of."));
        ExpectedVersion expected = Conditions.expected(exchange);
        MergedQuery.Check check = MergedQuery.check(exchange.query());
        String type = exchange.singleHeader("Content-Type");
        String contentType = type == null ? MediaTypes.OCTETS : type.strip();
        if (contentType.length() > MEDIA_TYPE_CHARS_MAX
                || !MEDIA_TYPE.matcher(contentType).matches()) {
            throw Exchange.badHeader("Content-Type", "Content-Type is a media type of at most 256 characters.");
        }
        SnapshotRequest request = new SnapshotRequest(
                exchange.org(), aggregate, version, contentType, body, true, expected, exchange.principal());
        exchange.onWorker(() -> {
            Divergence.require(log, exchange.org(), exchange.query().text("log"), check);
            exchange.answerWhen(log.putSnapshot(request), outcome -> switch (outcome) {
                case SnapshotOutcome.Stored stored ->
                    Answer.empty(stored.replaced() ? 200 : 201).withETag(version);
                case SnapshotOutcome.Refused refused -> Answer.problem(refused.problem());
            });
        });
    }

    public void get(Exchange exchange) {
        exchange.answerFromWorker(() -> {
            guard.require(exchange);
            Listings.existing(log, exchange.org(), exchange.aggregate());
            Snapshot snapshot = log.snapshot(exchange.org(), exchange.aggregate())
                    .orElseThrow(
                            () -> RefusedException.of(ErrorCode.NOT_FOUND, exchange.aggregate() + " has no snapshot."));
            if (Conditions.isKnown(exchange, snapshot.version())) {
                return Answer.empty(304).withETag(snapshot.version());
            }
            return new Answer(200, snapshot.contentType(), snapshot.data(), Map.of())
                    .with("Content-Disposition", "attachment")
                    .with("Content-Security-Policy", "sandbox")
                    .withETag(snapshot.version());
        });
    }
}

package celeriant.gateway.settings;

import celeriant.gateway.access.Access;
import celeriant.gateway.access.AccessBodies;
import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.Grantee;
import celeriant.gateway.access.Shares;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Conditions;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.MediaTypes;
import celeriant.gateway.http.Targets;
import celeriant.model.AggregateId;
import celeriant.model.ExpectedVersion;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code …/access}, {@code …/shares}, {@code …/revoke} of an aggregate, and members and invitations of an org. */
public final class AccessEndpoints {
    private final AccessService service;
    private final Shares shares;

    public AccessEndpoints(Access access) {
        this.service = access.service();
        this.shares = access.shares();
    }

    /** {@code GET …/access}. */
    public void access(Exchange exchange) {
        AggregateId aggregate = Targets.applications(exchange);
        exchange.answerFromWorker(
                () -> read(exchange, service.access(exchange.org(), exchange.principal(), aggregate)));
    }

    /** {@code PATCH …/access}. */
    public void patchAccess(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        AggregateId aggregate = Targets.applications(exchange);
        ExpectedVersion expected = Conditions.expected(exchange);
        AccessBodies.AccessPatch patch = AccessBodies.accessPatch(body);
        exchange.answerFromWorker(
                () -> answer(service.patch(exchange.org(), exchange.principal(), aggregate, patch, expected)));
    }

    /** {@code POST …/revoke}. */
    public void revoke(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        AggregateId aggregate = Targets.applications(exchange);
        Grantee grantee = AccessBodies.revocation(body);
        exchange.answerFromWorker(
                () -> answer(service.revoke(exchange.org(), exchange.principal(), aggregate, grantee)));
    }

    /** {@code POST …/shares}. */
    public void share(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        AggregateId aggregate = Targets.applications(exchange);
        AccessBodies.ShareWish wish = AccessBodies.share(body, false);
        exchange.answerFromWorker(() -> made(shares.share(exchange.org(), exchange.principal(), aggregate, wish)));
    }

    /** {@code DELETE …/shares/{id}}. */
    public void withdraw(Exchange exchange) {
        AggregateId aggregate = Targets.applications(exchange);
        exchange.answerFromWorker(() -> {
            shares.withdraw(exchange.org(), exchange.principal(), aggregate, exchange.name("share"));
            return Answer.empty(204);
        });
    }

    /** {@code POST /v1/{org}/shares}. */
    public void invite(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        AccessBodies.ShareWish wish = AccessBodies.share(body, true);
        exchange.answerFromWorker(() -> made(shares.invite(exchange.org(), exchange.principal(), wish)));
    }

    /** {@code DELETE /v1/{org}/shares/{id}}. */
    public void withdrawInvitation(Exchange exchange) {
        exchange.answerFromWorker(() -> {
            shares.withdrawInvitation(exchange.org(), exchange.principal(), exchange.name("share"));
            return Answer.empty(204);
        });
    }

    /** {@code POST /v1/{org}/shares/redeem}. */
    public void redeem(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        String secret = AccessBodies.secret(body);
        exchange.answerFromWorker(() -> Answer.json(200, shares.redeem(exchange.org(), exchange.principal(), secret)));
    }

    /** {@code GET /v1/{org}/members}. */
    public void members(Exchange exchange) {
        exchange.answerFromWorker(() -> read(exchange, service.members(exchange.org(), exchange.principal())));
    }

    /** {@code PATCH /v1/{org}/members}. */
    public void patchMembers(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        ExpectedVersion expected = Conditions.expected(exchange);
        var changes = AccessBodies.memberPatch(body);
        exchange.answerFromWorker(
                () -> answer(service.patchMembers(exchange.org(), exchange.principal(), changes, expected)));
    }

    private static Answer read(Exchange exchange, AccessService.Answer answer) {
        return Conditions.unlessKnown(exchange, answer.version(), answer(answer));
    }

    private static Answer answer(AccessService.Answer answer) {
        return Answer.json(200, answer.body()).withETag(answer.version());
    }

    private static Answer made(Shares.Made made) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", made.id());
        body.put("secret", made.secret());
        return Answer.json(201, body);
    }
}

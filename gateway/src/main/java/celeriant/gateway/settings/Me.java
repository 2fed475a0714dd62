package celeriant.gateway.settings;

import celeriant.gateway.access.AccessNames;
import celeriant.gateway.access.AccessService;
import celeriant.gateway.access.Level;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.access.Rights;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.Query;
import celeriant.log.AggregateSummary;
import celeriant.log.EventLog;
import celeriant.model.AggregateId;
import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import celeriant.wire.JsonBytes;
import celeriant.wire.ResultsWriter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** {@code GET /v1/{org}/me}: who the caller is here, where its sequences stand, and what was granted to it by name. */
public final class Me {
    /** Access aggregates that are looked through for one page at most; {@code next} says where it goes on. */
    private static final int LOOKED_THROUGH_MAX = 20_000;

    private static final int PAGE = 1_000;

    private final EventLog log;
    private final AccessService access;
    private final Limits limits;

    public Me(EventLog log, AccessService access, Limits limits) {
        this.log = log;
        this.access = access;
        this.limits = limits;
    }

    private record Granted(AggregateId aggregate, Level level) {}

    public void handle(Exchange exchange) {
        Query query = exchange.query();
        int limit = (int) Math.min(query.integer("limit", 1, limits.pageEventsDefault()), limits.pageEventsMax());
        AggregateId after = after(query.text("after"));
        exchange.answerFromWorker(() -> {
            Principal principal = exchange.principal();
            Rights rights = access.rights(exchange.org());
            JsonBytes out = new JsonBytes();
            out.raw('{').name("client").string(principal.client().value());
            out.name("kind").string(principal.isDevice() ? "device" : "key");
            if (principal.user() != null) {
                out.name("user").raw('{').name("iss").string(principal.user().iss());
                out.name("sub").string(principal.user().sub()).raw('}');
            }
            rights.role(principal).ifPresent(role -> out.name("role").string(role.word()));
            ResultsWriter.writeHead(
                    log.clientHead(exchange.org(), principal.client()).orElse(null), out.name("head"));
            writeGranted(exchange.org(), principal, rights, after, limit, out);
            writeLimits(out.name("limits"));
            return Answer.json(200, out.raw('}'));
        });
    }

    private static AggregateId after(String text) {
        if (text == null || text.isEmpty()) {
            return new AggregateId("", "");
        }
        try {
            return AggregateId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Query.bad("after", e.getMessage());
        }
    }

    private void writeGranted(
            String org, Principal principal, Rights rights, AggregateId after, int limit, JsonBytes out) {
        List<Granted> granted = new ArrayList<>();
        AggregateId next = look(org, principal, rights, after, limit + 1, granted);
        if (granted.size() > limit) {
            granted.remove(limit);
            next = granted.get(limit - 1).aggregate();
        }
        out.name("aggregates").raw('[');
        for (Granted grant : granted) {
            out.element().raw('{').name("aggregate").string(grant.aggregate().toString());
            out.name("level").string(grant.level().word()).raw('}');
        }
        out.raw(']').name("next").string(next == null ? null : next.toString());
    }

    /** Adds what was granted behind {@code after}, by name; returns where to go on, null at the end. */
    private AggregateId look(
            String org, Principal principal, Rights rights, AggregateId after, int limit, List<Granted> granted) {
        int looked = 0;
        for (String type : log.types(org)) {
            if (!AccessNames.isBeside(new AggregateId(type, ""))
                    || subjectType(type).compareTo(after.type()) < 0) {
                continue;
            }
            String from = subjectType(type).equals(after.type()) ? after.id() : "";
            List<AggregateSummary> page = log.aggregates(org, type, from, PAGE);
            while (!page.isEmpty()) {
                for (AggregateSummary summary : page) {
                    AggregateId subject = AccessNames.subject(summary.aggregate());
                    Level level = rights.granted(summary.aggregate(), principal);
                    if (level != null) {
                        granted.add(new Granted(subject, level));
                    }
                    if (granted.size() == limit || ++looked == LOOKED_THROUGH_MAX) {
                        return subject;
                    }
                    from = summary.aggregate().id();
                }
                page = log.aggregates(org, type, from, PAGE);
            }
        }
        return null;
    }

    private static String subjectType(String accessType) {
        return AccessNames.subject(new AggregateId(accessType, "")).type();
    }

    private void writeLimits(JsonBytes out) {
        out.raw('{');
        for (RecordComponent component : Limits.class.getRecordComponents()) {
            try {
                out.name(component.getName())
                        .number(((Integer) component.getAccessor().invoke(limits)).longValue());
            } catch (ReflectiveOperationException e) {
                throw RefusedException.of(ErrorCode.INTERNAL, "The limits cannot be read.");
            }
        }
        out.raw('}');
    }
}

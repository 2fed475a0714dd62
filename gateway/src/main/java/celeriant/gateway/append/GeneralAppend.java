package celeriant.gateway.append;

import celeriant.gateway.access.Level;
import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.MediaTypes;
import celeriant.log.AppendOutcome;
import celeriant.log.AppendRequest;
import celeriant.log.EventLog;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import celeriant.wire.AppendsBody;
import celeriant.wire.AppendsReader;
import celeriant.wire.BadBodyException;
import celeriant.wire.JsonBytes;
import celeriant.wire.ResultsWriter;

/** {@code POST /v1/{org}/appends}. Called on event loops; the log answers from its writer's thread. */
public final class GeneralAppend {
    private final EventLog log;
    private final Limits limits;

    public GeneralAppend(EventLog log, Limits limits) {
        this.log = log;
        this.limits = limits;
    }

    public void handle(Exchange exchange, byte[] body) {
        MediaTypes.requireJson(exchange);
        requireMayAppend(exchange.principal());
        AppendsBody read = read(body);
        Principal principal = exchange.principal();
        if (principal.isDevice()) {
            requireSequences(read);
        }
        AppendRequest request =
                new AppendRequest(exchange.org(), principal.client(), read.after(), read.appends(), principal);
        exchange.answerWhen(log.append(request), GeneralAppend::answer);
    }

    private AppendsBody read(byte[] body) {
        try {
            return AppendsReader.read(body, limits);
        } catch (BadBodyException e) {
            throw new RefusedException(e.problem());
        }
    }

    /** A key that may only read is refused as a whole; what a device may is asked for each append. */
    static void requireMayAppend(Principal principal) {
        if (!principal.isDevice() && !principal.scope().level().includes(Level.CONTRIBUTOR)) {
            throw RefusedException.of(ErrorCode.ACCESS_DENIED, "The API key's scope is read.");
        }
    }

    private static void requireSequences(AppendsBody body) {
        for (int i = 0; i < body.appends().size(); i++) {
            Append append = body.appends().get(i);
            if (append.sequence() == 0 && append.expected().isEmpty()) {
                throw RefusedException.badRequest(
                        "/appends/" + i + "/sequence", "A device's append has a sequence or expected versions.");
            }
        }
    }

    private static Answer answer(AppendOutcome outcome) {
        return switch (outcome) {
            case AppendOutcome.Refused refused -> Answer.problem(refused.problem());
            case AppendOutcome.Settled settled -> {
                JsonBytes out = new JsonBytes();
                ResultsWriter.write(settled.results(), settled.head(), out);
                yield Answer.json(200, out);
            }
        };
    }
}

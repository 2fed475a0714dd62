package celeriant.gateway.identity;

import celeriant.gateway.access.Principal;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Authentication;
import celeriant.gateway.http.Callers;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.Workers;
import celeriant.gateway.operator.Operator;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.Names;
import celeriant.model.Problem;
import celeriant.wire.ParsedProof;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Proves who sends a request: a device with its token and a fresh proof, or a backend with its API key. Then looks
 * whether the org in the path is there for it. A signature is checked on a worker, everything else on the event loop.
 */
public final class Authenticator implements Authentication {
    private static final String APPEND_CLIENT = "Append-Client";

    private final ProofCheck proofs;
    private final AccessTokens tokens;
    private final Operator operator;
    private final Workers checks;
    private final Callers callers;

    public Authenticator(ProofCheck proofs, AccessTokens tokens, Operator operator, Workers checks, Callers callers) {
        this.proofs = proofs;
        this.tokens = tokens;
        this.operator = operator;
        this.checks = checks;
        this.callers = callers;
    }

    @Override
    public void authenticate(Exchange exchange, Consumer<Principal> admitted) {
        String authorization = exchange.header("Authorization");
        int space = authorization == null ? -1 : authorization.indexOf(' ');
        if (space < 0 || exchange.headerCount("Authorization") != 1) {
            exchange.send(
                    Challenge.token("Send one Authorization header: DPoP with a token, or Bearer with an API key."));
            return;
        }
        String credentials = authorization.substring(space + 1).strip();
        switch (authorization.substring(0, space).toLowerCase(Locale.ROOT)) {
            case "dpop" -> device(exchange, credentials, admitted);
            case "bearer" -> backend(exchange, credentials, admitted);
            default -> exchange.send(Challenge.token("The Authorization schemes are DPoP and Bearer."));
        }
    }

    private void device(Exchange exchange, String token, Consumer<Principal> admitted) {
        if (exchange.headerCount("DPoP") != 1) {
            exchange.send(Challenge.proof("Send exactly one DPoP header with a proof for this request."));
            return;
        }
        switch (proofs.claims(exchange.header("DPoP"), exchange.method(), exchange.rawPath(), token)) {
            case ProofCheck.Verdict.Good good -> tokenHolder(exchange, token, good.proof(), admitted);
            case ProofCheck.Verdict.NeedsNonce needs -> exchange.send(Challenge.nonce());
            case ProofCheck.Verdict.Bad bad -> exchange.send(Challenge.proof(bad.reason()));
            case ProofCheck.Verdict.Busy busy -> exchange.send(busy());
        }
    }

    private void tokenHolder(Exchange exchange, String token, ParsedProof proof, Consumer<Principal> admitted) {
        switch (tokens.read(token)) {
            case AccessTokens.Reading.Expired expired -> exchange.send(Challenge.expired());
            case AccessTokens.Reading.Unknown unknown ->
                exchange.send(Challenge.token("The token is not one of this gateway's; fetch one at /oauth/token."));
            case AccessTokens.Reading.Good good -> {
                if (!good.thumbprint().equals(proof.key().thumbprint())) {
                    exchange.send(Challenge.proof("The proof is by another key than the token was given to."));
                } else if (callers.mayProve(good.thumbprint())) {
                    checks.run(() -> checkSignature(exchange, proof, good, admitted));
                } else {
                    exchange.refuseLater(Callers.tooManyBadProofs());
                }
            }
        }
    }

    private void checkSignature(
            Exchange exchange, ParsedProof proof, AccessTokens.Reading.Good token, Consumer<Principal> admitted) {
        try {
            ProofCheck.Verdict verdict = proofs.signature(proof);
            if (verdict instanceof ProofCheck.Verdict.Bad) {
                callers.badProof(token.thumbprint());
            }
            exchange.loop().run(() -> {
                switch (verdict) {
                    case ProofCheck.Verdict.Good good ->
                        enter(
                                exchange,
                                Principal.device(new ClientId(token.thumbprint()), token.user()),
                                null,
                                admitted);
                    case ProofCheck.Verdict.NeedsNonce needs -> exchange.send(Challenge.nonce());
                    case ProofCheck.Verdict.Bad bad -> exchange.send(Challenge.proof(bad.reason()));
                    case ProofCheck.Verdict.Busy busy -> exchange.send(busy());
                }
            });
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private void backend(Exchange exchange, String credentials, Consumer<Principal> admitted) {
        Optional<Operator.Backend> backend = operator.backend(credentials);
        if (backend.isEmpty()) {
            exchange.send(Challenge.token("There is no such API key."));
        } else if (exchange.header("Origin") != null) {
            throw RefusedException.of(
                    ErrorCode.ACCESS_DENIED, "API keys are for backends, not for pages in a browser.");
        } else {
            enter(exchange, backend.get().principal(), backend.get().org(), admitted);
        }
    }

    /** {@code keyOrg} is the only org of an API key; null for a device. */
    private void enter(Exchange exchange, Principal principal, String keyOrg, Consumer<Principal> admitted) {
        try {
            String org = exchange.org();
            boolean isTheirs = keyOrg == null || keyOrg.equals(org);
            if (org != null && (!isTheirs || !operator.hasOrg(org))) {
                throw RefusedException.of(ErrorCode.NOT_FOUND, "There is no such org.");
            }
            admitted.accept(asClient(exchange, principal));
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    /** Several instances of a service are a client each: {@code svc.<name>.<instance>}. */
    private static Principal asClient(Exchange exchange, Principal principal) {
        String wanted = exchange.singleHeader(APPEND_CLIENT);
        String own = principal.client().value();
        if (wanted == null || wanted.equals(own)) {
            return principal;
        }
        boolean isInstance = !principal.isDevice()
                && wanted.startsWith(own + ".")
                && wanted.length() > own.length() + 1
                && Names.isName(wanted);
        if (!isInstance) {
            throw new RefusedException(
                    Problem.of(ErrorCode.ACCESS_DENIED, APPEND_CLIENT + " is " + own + ", or that, a dot, and more.")
                            .with("header", APPEND_CLIENT));
        }
        return principal.instance(new ClientId(wanted));
    }

    private static Answer busy() {
        return Answer.problem(Problem.of(ErrorCode.BUSY, "Too many proofs are in use; try again."));
    }
}

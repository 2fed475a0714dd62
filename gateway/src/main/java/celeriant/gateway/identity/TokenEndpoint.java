package celeriant.gateway.identity;

import celeriant.gateway.access.Grantee;
import celeriant.gateway.access.RefusedException;
import celeriant.gateway.http.Answer;
import celeriant.gateway.http.Callers;
import celeriant.gateway.http.Exchange;
import celeriant.gateway.http.Query;
import celeriant.gateway.http.Workers;
import celeriant.model.ErrorCode;
import celeriant.wire.JsonBytes;
import celeriant.wire.ParsedProof;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * {@code POST /oauth/token}: a proof of the device's key gets a token bound to that key (RFC 6749 section 4.4, RFC 9449
 * section 5); with a person's token from an OIDC provider (RFC 8693) it stands for that person too. Errors are those of
 * RFC 6749 section 5.2.
 */
public final class TokenEndpoint {
    /** A grant's parameters, a provider's token among them. */
    public static final int BODY_BYTES_MAX = 64 * 1024;

    private static final String CLIENT_CREDENTIALS = "client_credentials";
    private static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token";
    private static final String FORM = "application/x-www-form-urlencoded";

    private final ProofCheck proofs;
    private final AccessTokens tokens;
    private final People people;
    private final Workers checks;
    private final Workers logins;
    private final Callers callers;

    /** Verifies a person's token; blocks on the first one of a provider. */
    @FunctionalInterface
    public interface People {
        /** No provider is configured. */
        People NONE = (token, type) -> {
            throw RefusedException.of(ErrorCode.BAD_REQUEST, "No OIDC provider is configured here.");
        };

        /**
         * Whose token it is.
         *
         * @throws RefusedException if it is nobody's
         */
        Grantee.User verify(String token, String type);
    }

    /** An error of RFC 6749. */
    private static final class OAuthException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String error;

        OAuthException(String error, String description) {
            super(description, null, false, false);
            this.error = error;
        }
    }

    public TokenEndpoint(
            ProofCheck proofs, AccessTokens tokens, People people, Workers checks, Workers logins, Callers callers) {
        this.proofs = proofs;
        this.tokens = tokens;
        this.people = people;
        this.checks = checks;
        this.logins = logins;
        this.callers = callers;
    }

    /** Takes the request on the event loop. */
    public void handle(Exchange exchange, byte[] body) {
        try {
            if (exchange.headerCount("DPoP") != 1) {
                throw new OAuthException(
                        "invalid_dpop_proof", "Send exactly one DPoP header with a proof of your key.");
            }
            ParsedProof proof =
                    good(proofs.claims(exchange.header("DPoP"), exchange.method(), exchange.rawPath(), null));
            Query form = form(exchange, body);
            if (callers.mayProve(exchange.address())) {
                checks.run(() -> grant(exchange, proof, form));
            } else {
                exchange.refuseLater(Callers.tooManyBadProofs());
            }
        } catch (OAuthException e) {
            exchange.send(error(e.error, e.getMessage()));
        }
    }

    private void grant(Exchange exchange, ParsedProof proof, Query form) {
        try {
            ProofCheck.Verdict verdict = proofs.signature(proof);
            if (verdict instanceof ProofCheck.Verdict.Bad) {
                callers.badProof(exchange.address());
            }
            String thumbprint = good(verdict).key().thumbprint();
            switch (parameter(form, "grant_type")) {
                case CLIENT_CREDENTIALS -> exchange.answer(granted(thumbprint, null));
                // A provider may be slow: proofs do not wait for it.
                case TOKEN_EXCHANGE -> logins.run(() -> logIn(exchange, thumbprint, form));
                default ->
                    throw new OAuthException(
                            "unsupported_grant_type", "Grants are client_credentials and token exchange.");
            }
        } catch (OAuthException e) {
            exchange.answer(error(e.error, e.getMessage()));
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    private void logIn(Exchange exchange, String thumbprint, Query form) {
        try {
            exchange.answer(granted(thumbprint, person(form)));
        } catch (OAuthException e) {
            exchange.answer(error(e.error, e.getMessage()));
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    /** {@code user} is null unless a person logged in. */
    private Answer granted(String thumbprint, Grantee.User user) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", tokens.issue(thumbprint, user));
        answer.put("token_type", "DPoP");
        answer.put("expires_in", AccessTokens.LIFE_SECONDS);
        if (user != null) {
            answer.put("issued_token_type", ACCESS_TOKEN_TYPE);
        }
        return Answer.json(200, answer).with("Pragma", "no-cache");
    }

    private Grantee.User person(Query form) {
        try {
            return people.verify(parameter(form, "subject_token"), parameter(form, "subject_token_type"));
        } catch (RefusedException e) {
            if (e.problem().code() == ErrorCode.BUSY) {
                throw e;
            }
            throw new OAuthException("invalid_request", e.problem().detail());
        }
    }

    private static ParsedProof good(ProofCheck.Verdict verdict) {
        return switch (verdict) {
            case ProofCheck.Verdict.Good good -> good.proof();
            case ProofCheck.Verdict.NeedsNonce needs ->
                throw new OAuthException(
                        "use_dpop_nonce", "Sign the proof with the nonce in this answer's DPoP-Nonce header.");
            case ProofCheck.Verdict.Bad bad -> throw new OAuthException("invalid_dpop_proof", bad.reason());
            case ProofCheck.Verdict.Busy busy ->
                throw RefusedException.of(ErrorCode.BUSY, "Too many proofs are in use; try again.");
        };
    }

    private static Query form(Exchange exchange, byte[] body) {
        String type = exchange.header("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
            throw new OAuthException("invalid_request", "The body is " + FORM + ".");
        }
        try {
            return Query.parse(new String(body, StandardCharsets.ISO_8859_1));
        } catch (RefusedException e) {
            throw new OAuthException("invalid_request", e.problem().detail());
        }
    }

    private static String parameter(Query form, String name) {
        try {
            String value = form.text(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        } catch (RefusedException e) {
            throw new OAuthException("invalid_request", e.problem().detail());
        }
        throw new OAuthException("invalid_request", name + " is missing.");
    }

    private static Answer error(String error, String description) {
        JsonBytes body = new JsonBytes();
        body.raw('{').name("error").string(error);
        body.name("error_description").string(description).raw('}');
        return Answer.json(400, body);
    }
}

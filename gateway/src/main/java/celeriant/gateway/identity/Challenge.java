package celeriant.gateway.identity;

import celeriant.gateway.http.Answer;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;

/** The answers to callers who are not proved: a problem, and the challenge of RFC 9449 section 7.1. */
final class Challenge {
    private static final String ALGORITHMS = "ES256 EdDSA Ed25519";

    private Challenge() {}

    /** No credentials, or ones that do not verify. */
    static Answer token(String detail) {
        return of(ErrorCode.UNAUTHENTICATED, "invalid_token", detail);
    }

    static Answer expired() {
        return of(ErrorCode.TOKEN_EXPIRED, "invalid_token", "The token has expired; fetch a new one at /oauth/token.");
    }

    static Answer proof(String detail) {
        return of(ErrorCode.UNAUTHENTICATED, "invalid_dpop_proof", detail);
    }

    static Answer nonce() {
        return of(
                ErrorCode.USE_DPOP_NONCE,
                "use_dpop_nonce",
                "Sign the proof with the nonce in this answer's DPoP-Nonce header.");
    }

    private static Answer of(ErrorCode code, String error, String detail) {
        return Answer.problem(Problem.of(code, detail))
                .with("WWW-Authenticate", "DPoP error=\"" + error + "\", algs=\"" + ALGORITHMS + "\"");
    }
}

package celeriant.gateway.identity;

import celeriant.wire.BadProofException;
import celeriant.wire.ParsedProof;
import celeriant.wire.SignatureProvider;
import java.time.InstantSource;

/**
 * Whether a DPoP proof is good for a request (RFC 9449 section 4.3), cheapest first: its form, the nonce, method, URL
 * and token hash, and only then, apart, the signature, which is what costs. Any thread.
 */
public final class ProofCheck {
    /** Proofs used within a nonce's life at most. */
    public static final int USED_MAX = 4_000_000;

    private final Nonces nonces;
    private final PublicUrls urls;
    private final SignatureProvider signatures;
    private final UsedProofs used;

    /** What came of a proof. */
    sealed interface Verdict {
        /** Good as far as it was looked at. */
        record Good(ParsedProof proof) implements Verdict {}

        /** Its nonce is missing or stale. */
        record NeedsNonce() implements Verdict {}

        record Bad(String reason) implements Verdict {}

        /** So many proofs are in use that no more are taken for a moment. */
        record Busy() implements Verdict {}
    }

    public ProofCheck(Nonces nonces, PublicUrls urls, SignatureProvider signatures, InstantSource clock) {
        this.nonces = nonces;
        this.urls = urls;
        this.signatures = signatures;
        this.used = new UsedProofs(clock, USED_MAX);
    }

    /** Everything but the signature; {@code accessToken} is null at the token endpoint. */
    Verdict claims(String header, String method, String rawPath, String accessToken) {
        ParsedProof proof;
        try {
            proof = ParsedProof.parse(header);
        } catch (BadProofException e) {
            return new Verdict.Bad(sentence(e.getMessage()));
        }
        if (proof.nonce() == null || !nonces.isGood(proof.nonce())) {
            return new Verdict.NeedsNonce();
        }
        if (!proof.htm().equals(method)) {
            return new Verdict.Bad("The proof's htm is for another method.");
        }
        if (!urls.isFor(proof.htu(), rawPath)) {
            return new Verdict.Bad("The proof's htu is for another URL.");
        }
        if (accessToken != null && !ParsedProof.hashOf(accessToken).equals(proof.ath())) {
            return new Verdict.Bad("The proof's ath is not the hash of the access token.");
        }
        return new Verdict.Good(proof);
    }

    /** The signature, and that the proof is used for the first time: on a worker. */
    Verdict signature(ParsedProof proof) {
        if (!proof.verifySignature(signatures)) {
            return new Verdict.Bad("The proof's signature does not verify.");
        }
        return switch (used.use(proof.key().thumbprint(), proof.jti())) {
            case FIRST -> new Verdict.Good(proof);
            case AGAIN -> new Verdict.Bad("The proof was used before; sign one for each request.");
            case FULL -> new Verdict.Busy();
        };
    }

    private static String sentence(String reason) {
        return Character.toUpperCase(reason.charAt(0)) + reason.substring(1) + ".";
    }
}

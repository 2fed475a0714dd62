package celeriant.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;

/**
 * The claims of a DPoP proof to be made (RFC 9449 section 4.2); {@link ParsedProof} reads one.
 *
 * @param jti unique to this proof
 * @param htm the request's method
 * @param htu its URL without query and fragment
 * @param iatSeconds the device's clock, seconds since 1970; our gateways do not look at it
 * @param nonce the server's latest, or null before the first answer
 * @param accessToken the token that goes with it, or null when asking for one
 */
public record DpopProof(UUID jti, String htm, String htu, long iatSeconds, String nonce, String accessToken) {
    /** The compact JWS for the header {@code DPoP}. */
    public String sign(DeviceKey key, SignatureProvider signatures) throws GeneralSecurityException {
        String header = "{\"typ\":\"dpop+jwt\",\"alg\":\"" + key.algorithm().word() + "\",\"jwk\":"
                + key.jwk().json() + "}";
        JsonBytes claims = new JsonBytes();
        claims.raw('{').name("jti").uuid(jti);
        claims.name("htm").string(htm);
        claims.name("htu").string(htu);
        claims.name("iat").number(iatSeconds);
        if (nonce != null) {
            claims.name("nonce").string(nonce);
        }
        if (accessToken != null) {
            claims.name("ath").string(ParsedProof.hashOf(accessToken));
        }
        claims.raw('}');
        String signed = Base64Strict.encodeUrl(header.getBytes(StandardCharsets.US_ASCII)) + "."
                + Base64Strict.encodeUrl(claims.toByteArray());
        return signed + "." + Base64Strict.encodeUrl(key.sign(signed, signatures));
    }
}

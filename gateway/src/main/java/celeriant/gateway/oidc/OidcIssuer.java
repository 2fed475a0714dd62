package celeriant.gateway.oidc;

import celeriant.gateway.identity.PublicUrls;
import java.net.URI;
import java.util.Set;

/**
 * An OIDC provider whose persons may log in.
 *
 * @param url the issuer, exactly as its tokens name it; https, or http on loopback
 * @param audiences whom its tokens must be for: the client id of the application, or the name of the API
 */
public record OidcIssuer(String url, Set<String> audiences) {
    public OidcIssuer {
        audiences = Set.copyOf(audiences);
        URI uri = URI.create(url);
        if (!isTrusted(uri) || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "OIDC issuer " + url + ": write https://host[:port][/path], or http:// on loopback");
        }
        if (audiences.isEmpty() || audiences.contains("")) {
            throw new IllegalArgumentException("OIDC issuer " + url + ": name the audiences of its tokens");
        }
    }

    /** Whether what comes from there is what its owner sent: TLS, or not over a network at all. */
    static boolean isTrusted(URI uri) {
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        boolean loopback =
                "http".equalsIgnoreCase(uri.getScheme()) && PublicUrls.LOOPBACK_HOSTS.contains(uri.getHost());
        return uri.getHost() != null && uri.getRawUserInfo() == null && (tls || loopback);
    }

    /** Where the provider describes itself (OpenID Connect Discovery 1.0 section 4). */
    URI discovery() {
        String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        return URI.create(base + "/.well-known/openid-configuration");
    }
}

package celeriant.gateway.identity;

import celeriant.gateway.http.Percent;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The URLs under which callers reach the gateway; a proof is for one of them and the request's path, never for whatever
 * the Host header says. Compared after the normalization of RFC 3986 section 6.2. Immutable: any thread.
 */
public final class PublicUrls {
    /** The names of this machine to itself. */
    public static final List<String> LOOPBACK_HOSTS = List.of("127.0.0.1", "localhost", "[::1]");

    private final Set<String> bases;
    private final Set<String> hosts;

    private PublicUrls(Set<String> bases, Set<String> hosts) {
        this.bases = bases;
        this.hosts = hosts;
    }

    /**
     * The URLs of the configuration.
     *
     * @throws IllegalArgumentException for one that is not {@code http(s)://host[:port][/path]}
     */
    public static PublicUrls of(List<String> urls) {
        Set<String> bases = new LinkedHashSet<>();
        Set<String> hosts = new LinkedHashSet<>(LOOPBACK_HOSTS);
        for (String url : urls) {
            String base = normalized(url);
            if (base == null) {
                throw new IllegalArgumentException("publicUrls " + url + ": write http(s)://host[:port][/path]");
            }
            bases.add(base.endsWith("/") ? base.substring(0, base.length() - 1) : base);
            hosts.add(URI.create(base).getHost());
        }
        return new PublicUrls(bases, hosts);
    }

    /** The gateway's own port under the names of loopback. */
    public static PublicUrls loopback(String scheme, int port) {
        return of(LOOPBACK_HOSTS.stream()
                .map(host -> scheme + "://" + host + ":" + port)
                .toList());
    }

    /** The host names of these URLs, and of loopback. */
    public Set<String> hosts() {
        return hosts;
    }

    /** The first of them. */
    public String first() {
        return bases.iterator().next();
    }

    /** Whether {@code htu} is one of these URLs with {@code rawPath} behind it. */
    boolean isFor(String htu, String rawPath) {
        String normalized = normalized(htu);
        if (normalized == null) {
            return false;
        }
        String path = Percent.normalized(rawPath);
        for (String base : bases) {
            if (normalized.length() == base.length() + path.length()
                    && normalized.startsWith(base)
                    && normalized.endsWith(path)) {
                return true;
            }
        }
        return false;
    }

    /** Without query and fragment, scheme and host in lower case, no default port; null if it is no such URL. */
    private static String normalized(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return null;
        }
        if (uri.getScheme() == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
            return null;
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return null;
        }
        List<String> parts =
                new ArrayList<>(List.of(scheme, "://", uri.getHost().toLowerCase(Locale.ROOT)));
        if (uri.getPort() >= 0 && uri.getPort() != (scheme.equals("http") ? 80 : 443)) {
            parts.add(":" + uri.getPort());
        }
        parts.add(Percent.normalized(uri.getRawPath()));
        return String.join("", parts);
    }
}

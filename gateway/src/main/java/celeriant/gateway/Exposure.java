package celeriant.gateway;

import celeriant.gateway.identity.PublicUrls;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Who reaches a gateway, and what must be said before others than this machine do: that their connections are private,
 * and under which URL they come.
 */
final class Exposure {
    private Exposure() {}

    /** Whether others than this machine reach it. */
    static boolean isPublic(String host, List<String> publicUrls, boolean behindProxy) {
        return behindProxy || !isLoopback(host) || !publicUrls.stream().allMatch(Exposure::isLocal);
    }

    /** @throws IllegalArgumentException naming what must be said */
    static void require(String host, List<String> publicUrls, boolean behindProxy, boolean tls) {
        PublicUrls.of(publicUrls);
        if (!isPublic(host, publicUrls, behindProxy)) {
            return;
        }
        if (!behindProxy && !tls) {
            throw new IllegalArgumentException(reached(host, publicUrls)
                    + ": give the gateway a certificate (tls), or put a proxy that speaks TLS in front of it and say"
                    + " behindProxy");
        }
        if (publicUrls.isEmpty()) {
            throw new IllegalArgumentException(
                    "publicUrls is empty: name the URL under which callers reach the gateway");
        }
        String first = publicUrls.getFirst();
        if (isLocal(first) || !first.regionMatches(true, 0, "https:", 0, "https:".length())) {
            throw new IllegalArgumentException(
                    "publicUrls begins with " + first + ": the first is the public one, https://host[:port][/path]");
        }
    }

    private static String reached(String host, List<String> publicUrls) {
        return isLoopback(host)
                ? "publicUrls " + String.join(" ", publicUrls) + " is not loopback"
                : "host " + host + " is not loopback";
    }

    private static boolean isLocal(String url) {
        return PublicUrls.LOOPBACK_HOSTS.contains(URI.create(url).getHost());
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host " + host + " is not known on this machine", e);
        }
    }
}

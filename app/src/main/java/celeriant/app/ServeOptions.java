package celeriant.app;

import celeriant.gateway.GatewayConfig;
import celeriant.gateway.oidc.OidcIssuer;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a gateway listens: the options that its commands share. */
final class ServeOptions {
    @Option(names = "--port", paramLabel = "N", defaultValue = "8787", description = "0: any free one (default 8787).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to bind (default 127.0.0.1).")
    private String host;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = "A URL under which callers reach the gateway; may repeat. Needed off loopback.")
    private List<String> publicUrls = List.of();

    @Option(
            names = "--cors-origin",
            paramLabel = "ORIGIN",
            description = "An origin whose pages may call the gateway, or *; may repeat.")
    private Set<String> corsOrigins = Set.of();

    @Option(
            names = "--admin-port",
            paramLabel = "N",
            defaultValue = "0",
            description = "Port of health, readiness and metrics; 0: any free one (default).")
    private int adminPort;

    @Option(
            names = "--admin-host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address of the admin port (default 127.0.0.1).")
    private String adminHost;

    @ArgGroup(exclusive = false, multiplicity = "0..*")
    private List<Oidc> oidc = List.of();

    /** One provider and whom its tokens are for. */
    private static final class Oidc {
        @Option(
                names = "--oidc-issuer",
                paramLabel = "URL",
                required = true,
                description = "An OIDC provider whose persons may log in; may repeat, each with its audiences.")
        private String issuer;

        @Option(
                names = "--oidc-audience",
                paramLabel = "NAME",
                required = true,
                description = "Whom the tokens of the issuer before are for: a client id or an API; may repeat.")
        private List<String> audiences;
    }

    List<OidcIssuer> issuers() {
        try {
            return oidc.stream()
                    .map(one -> new OidcIssuer(one.issuer, Set.copyOf(one.audiences)))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
    }

    GatewayConfig config() {
        try {
            return GatewayConfig.loopback(port)
                    .withHost(host, publicUrls)
                    .withCorsOrigins(corsOrigins)
                    .withAdmin(adminHost, adminPort);
        } catch (IllegalArgumentException e) {
            throw new CannotRunException(e.getMessage(), e);
        }
    }
}

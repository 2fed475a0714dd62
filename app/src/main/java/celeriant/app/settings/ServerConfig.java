package celeriant.app.settings;

import celeriant.gateway.GatewayConfig;
import celeriant.gateway.oidc.OidcIssuer;
import celeriant.log.embedded.EmbeddedConfig;
import celeriant.log.retention.RetentionRule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Everything that a gateway's process may be told. The file, the environment, the flags of {@code serve} and
 * {@code demo}, and their reference page are made from this record and those in it.
 *
 * @param data folder of the data; made if missing
 * @param gateway the listening side
 * @param oidc OIDC providers whose persons may log in, and whom their tokens are for: {@code ISSUER=AUDIENCE,AUDIENCE}
 * @param retention what to keep of the aggregates of a type, as {@code canvas:age=90d,events=10000}; what is older or
 *     more is trimmed, with {@code ,keyless} also events that no key or snapshot keeps; none: everything stays
 * @param retentionEvery pause between two looks at what is to be trimmed
 * @param logging what the process tells
 * @param log the engine
 */
public record ServerConfig(
        Path data,
        GatewayConfig gateway,
        List<OidcIssuer> oidc,
        List<RetentionRule> retention,
        Duration retentionEvery,
        LoggingConfig logging,
        EmbeddedConfig log) {
    private static final int PORT = 8787;
    private static final String MEANINGS = "meanings.txt";

    public ServerConfig {
        oidc = List.copyOf(oidc);
        retention = List.copyOf(retention);
        if (retentionEvery.isZero() || retentionEvery.isNegative()) {
            throw new IllegalArgumentException("retentionEvery is above 0");
        }
    }

    /** On loopback, with what suits a machine of so many processors, and no folder. */
    public static ServerConfig forProcessors(int processors) {
        return new ServerConfig(
                null,
                GatewayConfig.forProcessors(PORT, processors),
                List.of(),
                List.of(),
                Duration.ofMinutes(10),
                LoggingConfig.DEFAULT,
                EmbeddedConfig.DEFAULT);
    }

    /** What may be told, with {@code byDefault} for what is not. */
    public static Settings<ServerConfig> settings(ServerConfig byDefault) {
        return new Settings<>(
                byDefault,
                "gateway",
                meanings(),
                Map.of(OidcIssuer.class, RuleText::issuer, RetentionRule.class, RuleText::retention));
    }

    /** Made from the records' comments by the test of the reference page: they are not there at run time. */
    private static Map<String, String> meanings() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(ServerConfig.class.getResourceAsStream(MEANINGS), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> line.split(": ", 2))
                    .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package celeriant.app.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.oidc.OidcIssuer;
import celeriant.log.retention.RetentionRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file, the environment and flags make of a gateway's configuration. */
class ServerConfigTest {
    private static final ServerConfig DEFAULT = ServerConfig.forProcessors(2);

    @TempDir
    private Path folder;

    private final Settings<ServerConfig> settings = ServerConfig.settings(DEFAULT);
    private final SettingSources sources = new SettingSources(settings);

    @Test
    void nothingGivenIsTheDefault() {
        assertEquals(DEFAULT, settings.with(sources.given()));
    }

    @Test
    void aSettingHasAKeyAFlagAndAVariable() {
        Setting setting = settings.of("limits.bodyBytesMax");
        assertEquals("--limits-body-bytes-max", setting.flag());
        assertEquals("CELERIANT_LIMITS_BODY_BYTES_MAX", setting.variable());
    }

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile() throws IOException {
        sources.file(file("port = 1", "adminPort = 1", "readThreads = 1"));
        sources.environment(Map.of("CELERIANT_PORT", "2", "CELERIANT_ADMIN_PORT", "2"));
        sources.flag(settings.of("port"), List.of("3"));
        ServerConfig config = settings.with(sources.given());
        assertEquals(
                List.of(3, 2, 1),
                List.of(
                        config.gateway().port(),
                        config.gateway().adminPort(),
                        config.gateway().readThreads()));
    }

    @Test
    void everyKindOfValueIsRead() throws IOException {
        sources.file(file(
                "# of a test",
                "",
                "data = /var/lib/celeriant",
                "publicUrls = https://log.example https://two.example",
                "publicUrls = https://three.example",
                "behindProxy = true",
                "corsOrigins = https://app.example",
                "oidc = https://id.example=canvas,https://log.example",
                "retention = canvas:age=90d,events=10000,keyless note:age=1h",
                "retentionEvery = 30s",
                "limits.pageEventsDefault = 50",
                "log.segmentBytes = 32 MiB",
                "log.removalDeadline = 12h"));
        ServerConfig config = settings.with(sources.given());
        assertEquals(Path.of("/var/lib/celeriant"), config.data());
        assertEquals(
                List.of("https://log.example", "https://two.example", "https://three.example"),
                config.gateway().publicUrls());
        assertEquals(Set.of("https://app.example"), config.gateway().corsOrigins());
        assertEquals(
                List.of(new OidcIssuer("https://id.example", Set.of("canvas", "https://log.example"))), config.oidc());
        assertEquals(
                List.of(
                        new RetentionRule("canvas", Duration.ofDays(90), 10_000, true),
                        new RetentionRule("note", Duration.ofHours(1), 0, false)),
                config.retention());
        assertEquals(Duration.ofSeconds(30), config.retentionEvery());
        assertEquals(50, config.gateway().limits().pageEventsDefault());
        assertEquals(32 << 20, config.log().segmentBytes());
        assertEquals(Duration.ofHours(12), config.log().removalDeadline());
    }

    @ParameterizedTest
    @CsvSource({
        "prot, port",
        "publicUrl, publicUrls",
        "limits.bodyBytesMaxx, limits.bodyBytesMax",
        "segmentBytes, log.segmentBytes"
    })
    void anUnknownKeyIsRefusedWithTheNearestOne(String wrong, String meant) throws IOException {
        Path file = file("port = 1", wrong + " = 2");
        assertRefused(
                file + " line 2: " + wrong + " is no setting; did you mean " + meant + "?", () -> sources.file(file));
    }

    @Test
    void aFileThatIsNotThereIsRefusedByItsName() {
        Path none = folder.resolve("none");
        assertRefused("there is no configuration " + none, () -> sources.file(none));
    }

    @Test
    void whatKubernetesSaysOfAServiceOfTheSameNameIsNoSetting() {
        sources.environment(Map.of(
                "CELERIANT_PORT", "tcp://10.0.0.1:8080",
                "CELERIANT_PORT_8080_TCP", "tcp://10.0.0.1:8080",
                "CELERIANT_PORT_8080_TCP_PORT", "8080",
                "CELERIANT_SERVICE_HOST", "10.0.0.1",
                "CELERIANT_SERVICE_PORT_HTTP", "8080"));
        assertEquals(Map.of(), sources.given());
    }

    @Test
    void anUnknownVariableIsRefusedWithTheNearestOneAndOthersAreNotOurs() {
        assertRefused(
                "the environment's CELERIANT_PROT is no setting; did you mean CELERIANT_PORT?",
                () -> sources.environment(Map.of("CELERIANT_PROT", "1")));
        sources.environment(Map.of("PATH", "/bin", "CELERIANT_CONFIG", "/etc/x", "CELERIANT_PORT", ""));
        assertEquals(Map.of(), sources.given());
    }

    @Test
    void aWrongValueIsToldWithItsPlace() {
        sources.environment(Map.of("CELERIANT_PORT", "8o"));
        assertRefused(
                "port 8o (CELERIANT_PORT): a whole number is needed; bytes may have KiB, MiB or GiB",
                () -> settings.with(sources.given()));
        sources.flag(settings.of("port"), List.of("99999"));
        assertRefused("port is 99999, which is not in 0..65535 (--port)", () -> settings.with(sources.given()));
        sources.flag(settings.of("port"), List.of("1"));
        sources.flag(settings.of("log.segmentBytes"), List.of("1"));
        assertRefused(
                "log.segmentBytes is 1, which is not in 65536..2147483648 (--log-segment-bytes)",
                () -> settings.with(sources.given()));
    }

    @Test
    void aLineThatIsNoSettingAndASecondValueAreRefused() throws IOException {
        Path noSign = file("port 1");
        assertRefused(noSign + " line 1: a line is key = value, or begins with #", () -> sources.file(noSign));
        Path twice = file("port = 1", "port = 2");
        assertRefused(twice + " line 2: port is given twice, first at " + twice + " line 1", () -> sources.file(twice));
        Path empty = file("port =");
        assertRefused(empty + " line 1: port has no value", () -> sources.file(empty));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canvas",
                "canvas:",
                ":age=1d",
                "canvas:keyless",
                "canvas:age=1y",
                "canvas:age=1d,age=2d",
                "$a:age=1d"
            })
    void whatIsNoRetentionRuleIsSaidToBeNone(String text) {
        sources.flag(settings.of("retention"), List.of(text));
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> settings.with(sources.given()));
        assertTrue(refused.getMessage().startsWith("retention " + text + " (--retention): "), refused.getMessage());
    }

    private Path file(String... lines) throws IOException {
        return Files.write(Files.createTempFile(folder, "celeriant", ".conf"), List.of(lines));
    }

    private static void assertRefused(String message, Runnable work) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, work::run).getMessage());
    }
}

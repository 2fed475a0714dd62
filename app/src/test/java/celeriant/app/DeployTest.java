package celeriant.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import celeriant.app.settings.ServerConfig;
import celeriant.app.settings.SettingSources;
import celeriant.app.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The files in {@code deploy} are right, as far as that can be seen without the machines that they are for. */
@Timeout(240)
class DeployTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DEPLOY = ROOT.resolve("deploy");
    private static final long COMMAND_SECONDS = 60;

    /** Of 100, where a service without any protection has 96. */
    private static final int EXPOSURE_MAX = 20;

    @TempDir
    private Path folder;

    private final Settings<ServerConfig> settings = ServerConfig.settings(ServerConfig.forProcessors(2));

    @Test
    void theExampleOfAConfigurationIsTaken() {
        ServerConfig config = settings.with(new SettingSources(settings)
                .file(DEPLOY.resolve("celeriant.conf"))
                .given());
        assertTrue(config.gateway().isPublic());
        assertNotEquals(0, config.gateway().adminPort());
    }

    @Test
    void systemdTakesTheUnitAndFindsItWellProtected() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "systemd-analyze is not installed");
        String unit = Files.readString(DEPLOY.resolve("systemd/celeriant.service"));
        Path here = folder.resolve("celeriant.service");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Files.writeString(here, unit.replace("ExecStart=/usr/bin/java", "ExecStart=" + java));
        assertEquals("0 ", run(List.of("systemd-analyze", "verify", "--man=no", here.toString())));
        String protection = run(List.of(
                "systemd-analyze", "security", "--offline=true", "--threshold=" + EXPOSURE_MAX, here.toString()));
        assertTrue(protection.startsWith("0 "), protection);
    }

    @Test
    void javaIsStartedAsTheLauncherDoes() throws IOException {
        Matcher flags = Pattern.compile("java_flags=\"([^\"]*)\"").matcher(Files.readString(ROOT.resolve("celeriant")));
        assertTrue(flags.find());
        for (String flag : flags.group(1).split(" ")) {
            assertTrue(
                    Files.readString(DEPLOY.resolve("systemd/celeriant.service"))
                            .contains(flag),
                    flag);
            assertTrue(dockerfile().contains('"' + flag + '"'), flag);
        }
    }

    @Test
    void theContainersEnvironmentIsTakenOnceItsPublicUrlIsSaid() throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        Matcher variables =
                Pattern.compile("(CELERIANT_\\w+)=(\\S+)").matcher(dockerfile().split("\nENV ")[1]);
        while (variables.find()) {
            environment.put(variables.group(1), variables.group(2));
        }
        environment.put("CELERIANT_PUBLIC_URLS", "https://log.example.com");
        ServerConfig config = settings.with(
                new SettingSources(settings).environment(environment).given());
        assertEquals(Path.of("/data"), config.data());
        assertTrue(dockerfile().contains("\nEXPOSE " + config.gateway().port() + "\n"));
        assertTrue(dockerfile().contains("/127.0.0.1/" + config.gateway().adminPort() + " "));
        assertTrue(dockerfile().contains("\nUSER 10001\n"), "not root");
    }

    @Test
    void whatTheContainerCopiesIsThere() throws IOException {
        Matcher copies = Pattern.compile("(?m)^COPY (?!--from)(\\S+) ").matcher(dockerfile());
        List<String> copied = copies.results().map(one -> one.group(1)).toList();
        assertEquals(List.of("."), copied, "Maven reads every module's file");
        String built = Files.readString(ROOT.resolve("app/pom.xml"));
        assertTrue(built.contains("<finalName>celeriant</finalName>") && built.contains("/lib</outputDirectory>"));
        assertTrue(dockerfile().contains("/app/target/celeriant.jar ")
                && dockerfile().contains("/app/target/lib "));
    }

    @Test
    void theContainersHealthCheckTellsALivingGatewayFromNone() throws IOException, InterruptedException {
        Matcher check = Pattern.compile("CMD (\\[\"bash\".*])").matcher(dockerfile());
        assertTrue(check.find());
        String[] command = JsonMapper.builder().build().readValue(check.group(1), String[].class);
        try (ServeProcess serve = ServeProcess.start(folder.resolve("data"), Map.of())) {
            String port = serve.adminUrl().substring(serve.adminUrl().lastIndexOf(':') + 1);
            command[2] = command[2].replace("8788", port);
            assertEquals("0 ", run(Arrays.asList(command)));
            serve.terminate();
            serve.status();
            assertTrue(run(Arrays.asList(command)).startsWith("1 "));
        }
    }

    private static String dockerfile() throws IOException {
        return Files.readString(DEPLOY.resolve("container/Dockerfile"));
    }

    /** The status of a command, and what it said. */
    private String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", "");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertTrue(process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS), () -> command + " does not end");
        return process.exitValue() + " " + Files.readString(output, StandardCharsets.UTF_8);
    }
}

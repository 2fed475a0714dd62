package celeriant.gateway.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The provider of {@code src/test/oidc} as a process (npm's oidc-provider, fetched once), and a person who logs in
 * there as in a browser: authorization code with PKCE, its login page, its consent page.
 */
final class RealProvider implements AutoCloseable {
    private static final Path FOLDER = Path.of("src/test/oidc");
    private static final String CALLBACK = "http://127.0.0.1:9/callback";
    private static final String VERIFIER = "a-verifier-of-a-test-which-is-long-enough-for-pkce-0";
    private static final String CHALLENGE = challenge();
    private static final int STEPS_MAX = 12;
    /** The network it comes from may fail now and then. */
    private static final int INSTALL_TRIES = 3;

    private static final long INSTALL_MINUTES = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern FORM = Pattern.compile("action=\"([^\"]*/interaction/[^\"]+)\"");
    private static final Pattern PROMPT = Pattern.compile("name=\"prompt\" value=\"(\\w+)\"");

    private final Process process;
    private final BufferedReader lines;
    private final String issuer;

    private RealProvider(Process process, BufferedReader lines, String issuer) {
        this.process = process;
        this.lines = lines;
        this.issuer = issuer;
    }

    static RealProvider start() throws IOException, InterruptedException {
        for (int i = 1; !Files.exists(FOLDER.resolve("node_modules/.package-lock.json")); i++) {
            Process install = new ProcessBuilder("npm", "ci", "--no-progress")
                    .directory(FOLDER.toFile())
                    .inheritIO()
                    .start();
            boolean isOver = install.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES);
            install.destroy();
            assertTrue(isOver && install.exitValue() == 0 || i < INSTALL_TRIES, "npm ci in " + FOLDER);
        }
        Process process = new ProcessBuilder("node", "provider.js")
                .directory(FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String first = lines.readLine();
        assertTrue(first != null && first.startsWith("issuer "), () -> "the provider does not start: " + first);
        return new RealProvider(process, lines, first.substring("issuer ".length()));
    }

    String issuer() {
        return issuer;
    }

    /** Changes its keys; those from before are not published any more. */
    void rotate() throws IOException {
        process.getOutputStream().write("rotate\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        String line = lines.readLine();
        while (line != null && !line.equals("rotated")) {
            line = lines.readLine();
        }
        assertEquals("rotated", line);
    }

    /** Logs {@code person} in; the answer of the provider's token endpoint. */
    JsonNode tokensOf(String person) throws IOException, InterruptedException {
        HttpClient browser = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .build();
        URI at = URI.create(issuer + "/auth?client_id=canvas&response_type=code&scope=openid%20log&code_challenge="
                + CHALLENGE + "&code_challenge_method=S256&redirect_uri=" + encoded(CALLBACK));
        for (int step = 0; step < STEPS_MAX; step++) {
            HttpResponse<String> page =
                    browser.send(HttpRequest.newBuilder(at).timeout(TIMEOUT).build(), BodyHandlers.ofString());
            if (page.statusCode() == 200) {
                page = browser.send(filled(at, page.body(), person), BodyHandlers.ofString());
            }
            String location = page.headers().firstValue("Location").orElseThrow();
            at = at.resolve(location);
            if (location.startsWith(CALLBACK)) {
                Matcher code = Pattern.compile("[?&]code=([^&]+)").matcher(location);
                assertTrue(code.find(), location);
                return tokensFor(browser, code.group(1));
            }
        }
        throw new IllegalStateException("the login does not end; it is at " + at);
    }

    /** The form of the login or the consent page. */
    private static HttpRequest filled(URI at, String page, String person) {
        Matcher form = FORM.matcher(page);
        Matcher prompt = PROMPT.matcher(page);
        assertTrue(form.find() && prompt.find(), page);
        return HttpRequest.newBuilder(at.resolve(form.group(1)))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(
                        "prompt=" + prompt.group(1) + "&login=" + encoded(person) + "&password=any"))
                .build();
    }

    private JsonNode tokensFor(HttpClient browser, String code) throws IOException, InterruptedException {
        HttpResponse<String> tokens = browser.send(
                HttpRequest.newBuilder(URI.create(issuer + "/token"))
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=authorization_code&client_id=canvas&code=" + code
                                + "&code_verifier=" + VERIFIER + "&redirect_uri=" + encoded(CALLBACK)))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, tokens.statusCode(), tokens::body);
        return JsonMapper.builder().build().readTree(tokens.body());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String challenge() {
        try {
            return java.util.Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(java.security.MessageDigest.getInstance("SHA-256")
                            .digest(VERIFIER.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}

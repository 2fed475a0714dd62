package celeriant.tidy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Who may know whom: {@code app → gateway → log → model}, {@code gateway → wire → model}, {@code clients/java → wire}.
 * Maven's dependencies hold most of it; this holds the rest: no concrete engine outside the app, no HTTP or JSON in the
 * log.
 */
class PackageDirectionTest {
    private static final Map<String, List<String>> MAY_USE = Map.of(
            "model", List.of("celeriant.model", "java."),
            "wire", List.of("celeriant.wire", "celeriant.model", "java.", "tools.jackson."),
            "log",
                    List.of(
                            "celeriant.log",
                            "celeriant.model",
                            "java.",
                            "org.rocksdb.",
                            "com.github.luben.zstd.",
                            "org.slf4j."),
            "gateway",
                    List.of(
                            "celeriant.gateway",
                            "celeriant.log.",
                            "celeriant.wire",
                            "celeriant.model",
                            "java.",
                            "javax.",
                            "tools.jackson.",
                            "io.netty.",
                            "com.networknt.schema.",
                            "com.google.re2j.",
                            "com.nimbusds.",
                            "com.aayushatharva.brotli4j.",
                            "com.github.luben.zstd.",
                            "com.sun.management.",
                            "org.slf4j."),
            "clients/java",
                    List.of(
                            "celeriant.client",
                            "celeriant.wire",
                            "celeriant.model",
                            "java.",
                            "javax.crypto.",
                            "javax.sql.",
                            "org.sqlite.",
                            "tools.jackson.",
                            "org.slf4j."));

    /**
     * What is made of parts: the packages below it, each of which knows those before it and not the whole. One that is
     * not named here knows none, and is known to the whole alone.
     */
    private static final Map<String, List<String>> PARTS = Map.of(
            "celeriant.log.embedded",
            List.of(
                    "system",
                    "disk",
                    "record",
                    "journal",
                    "heads",
                    "index",
                    "reads",
                    "commit",
                    "subscriptions",
                    "compaction",
                    "backup"),
            "celeriant.gateway",
            List.of(
                    "access",
                    "metrics",
                    "tls",
                    "http",
                    "net",
                    "operator",
                    "identity",
                    "oidc",
                    "schema",
                    "presence",
                    "append",
                    "read",
                    "stream",
                    "settings"),
            "celeriant.client",
            List.of("access", "buffer", "gateway"));

    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+)", Pattern.MULTILINE);
    private static final Pattern ENGINE = Pattern.compile("celeriant\\.log\\.(?!library\\.)[a-z]\\w*\\.");

    private final Tree tree = Tree.read();

    @Test
    void modulesImportOnlyWhatTheyMayKnow() {
        Findings findings = new Findings();
        MAY_USE.forEach((module, allowed) -> {
            for (Path file : tree.mainJava(module)) {
                Matcher imports = IMPORT.matcher(Tree.text(file));
                while (imports.find()) {
                    if (allowed.stream().noneMatch(imports.group(1)::startsWith)) {
                        findings.add(tree.relative(file), "imports " + imports.group(1));
                    }
                }
            }
        });
        findings.assertNone("a module imports only what is below it, and the libraries named here");
    }

    @Test
    void onlyTheAppKnowsAnEngine() {
        Findings findings = new Findings();
        for (Path file : tree.mainJava("gateway")) {
            Matcher engine = ENGINE.matcher(Tree.text(file));
            while (engine.find()) {
                findings.add(tree.relative(file), "names " + engine.group());
            }
        }
        findings.assertNone(
                "the gateway knows EventLog and the types beside it; engines live in packages below, and only library"
                        + " is none");
    }

    @Test
    void partsKnowThoseBeforeThem() {
        Findings findings = new Findings();
        PARTS.forEach((whole, parts) -> {
            String folder = "/src/main/java/" + whole.replace('.', '/') + "/";
            for (Path file : tree.java(name -> name.contains(folder))) {
                unknown(Tree.text(file), whole, parts).forEach(found -> findings.add(tree.relative(file), found));
            }
        });
        findings.assertNone("a part imports only those before it: " + PARTS);
    }

    /** What a source imports of its whole and may not know. */
    private static List<String> unknown(String source, String whole, List<String> parts) {
        Matcher own = names("package ", whole).matcher(source);
        if (!own.find()) {
            return List.of();
        }
        List<String> known = parts.subList(0, parts.indexOf(own.group(1)) + 1);
        return names("import (?:static )?", whole)
                .matcher(source)
                .results()
                .filter(imported -> !known.contains(imported.group(1)))
                .map(MatchResult::group)
                .toList();
    }

    private static Pattern names(String keyword, String whole) {
        return Pattern.compile("^" + keyword + Pattern.quote(whole) + "\\.(\\w+)", Pattern.MULTILINE);
    }

    @Test
    void theLogKnowsNoHttp() {
        Findings findings = new Findings();
        for (Path file : tree.mainJava("log")) {
            if (Tree.text(file).contains("java.net.")) {
                findings.add(tree.relative(file), "names java.net");
            }
        }
        findings.assertNone("the log knows no network");
    }
}

package celeriant.tidy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /** The parts of the embedded engine; each knows those before it. */
    private static final List<String> ENGINE_PARTS = List.of(
            "disk", "record", "journal", "heads", "index", "reads", "commit", "subscriptions", "compaction", "backup");

    private static final Pattern PART_OF_ENGINE =
            Pattern.compile("^package celeriant\\.log\\.embedded\\.(\\w+)", Pattern.MULTILINE);
    private static final Pattern IMPORTED_PART =
            Pattern.compile("^import (?:static )?celeriant\\.log\\.embedded\\.(\\w+)", Pattern.MULTILINE);
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+)", Pattern.MULTILINE);
    private static final Pattern ENGINE = Pattern.compile("celeriant\\.log\\.[a-z]\\w*\\.");

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
        findings.assertNone("the gateway knows EventLog and the types beside it; engines live in packages below");
    }

    @Test
    void partsOfTheEngineKnowThoseBeforeThem() {
        Findings findings = new Findings();
        for (Path file : tree.mainJava("log")) {
            Matcher own = PART_OF_ENGINE.matcher(Tree.text(file));
            if (!own.find()) {
                continue;
            }
            int place = ENGINE_PARTS.indexOf(own.group(1));
            Matcher imports = IMPORTED_PART.matcher(Tree.text(file));
            while (imports.find()) {
                int imported = ENGINE_PARTS.indexOf(imports.group(1));
                if (imported < 0 || imported > place) {
                    findings.add(tree.relative(file), imports.group());
                }
            }
        }
        findings.assertNone("a part of the engine imports only those before it: " + ENGINE_PARTS);
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

package celeriant.tidy;

import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.util.TreeScanner;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Time and randomness come in through one narrow interface each, so that tests and the simulation own them. These files
 * are where they come in; nothing else may ask the system.
 */
class BannedCallsTest {
    /** In no file but those whose names end so; tests are no exception. */
    private static final Map<String, Set<String>> ONLY_IN = Map.of(
            "Thread.sleep", Set.of("Runner.java"),
            "Math.random", Set.of(),
            "new Random", Set.of());

    /** The same, for the product's code alone. */
    private static final Map<String, Set<String>> PRODUCT_ONLY_IN = Map.of(
            "System.currentTimeMillis", Set.of("Clock.java"),
            "System.nanoTime", Set.of("Clock.java"),
            "Instant.now", Set.of("Clock.java"),
            "UUID.randomUUID", Set.of("Ids.java"));

    private static final Pattern TYPESCRIPT =
            Pattern.compile("\\b(Date\\.now|Math\\.random|performance\\.now|new Date\\(\\)|crypto\\.randomUUID)\\b");

    private final Tree tree = Tree.read();

    @Test
    void javaAsksNoClockAndNoDiceOfItsOwn() {
        Findings findings = new Findings();
        for (JavaSource source : JavaSource.parse(tree, tree.files(".java"))) {
            source.unit().accept(new Calls(source, findings), null);
        }
        findings.assertNone("time and randomness come in through an interface");
    }

    /** A replay measures for real, which is its purpose. */
    @Test
    void typeScriptAsksNoClockAndNoDiceOfItsOwn() {
        Findings findings = new Findings();
        for (Path file : tree.files(".ts")) {
            String name = tree.relative(file);
            if (!name.contains("/src/") || name.contains("/src/replay/") || name.endsWith("/clock.ts")) {
                continue;
            }
            int number = 0;
            for (String line : Tree.text(file).split("\n")) {
                number++;
                Matcher call = TYPESCRIPT.matcher(line);
                if (call.find()
                        && !line.strip().startsWith("*")
                        && !line.strip().startsWith("//")) {
                    findings.add(name, number, call.group());
                }
            }
        }
        findings.assertNone("time and randomness come in through clock.ts");
    }

    private static final class Calls extends TreeScanner<Void, Void> {
        private final JavaSource source;
        private final Findings findings;

        Calls(JavaSource source, Findings findings) {
            this.source = source;
            this.findings = findings;
        }

        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
            String name = call.getMethodSelect().toString();
            if (isBanned(name)) {
                findings.add(source.file(), source.firstLine(call), name);
            }
            return super.visitMethodInvocation(call, unused);
        }

        @Override
        public Void visitNewClass(NewClassTree call, Void unused) {
            String name = "new " + call.getIdentifier();
            if (call.getArguments().isEmpty() && isBanned(name)) {
                findings.add(source.file(), source.firstLine(call), name + "() without a seed");
            }
            return super.visitNewClass(call, unused);
        }

        private boolean isBanned(String name) {
            boolean product = !source.isTest() && !source.file().startsWith("bench/");
            Set<String> files = ONLY_IN.getOrDefault(name, product ? PRODUCT_ONLY_IN.get(name) : null);
            return files != null && files.stream().noneMatch(source.name()::endsWith);
        }
    }
}

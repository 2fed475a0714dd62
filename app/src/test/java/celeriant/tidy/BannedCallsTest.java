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
    /** Never, tests included. */
    private static final Set<String> NOWHERE = Set.of("Thread.sleep", "Math.random", "new Random");

    /** In the product's code only in a file whose name ends so. */
    private static final Map<String, String> ONLY_IN = Map.of(
            "System.currentTimeMillis", "Clock.java",
            "System.nanoTime", "Clock.java",
            "Instant.now", "Clock.java",
            "UUID.randomUUID", "Ids.java");

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

    @Test
    void typeScriptAsksNoClockAndNoDiceOfItsOwn() {
        Findings findings = new Findings();
        for (Path file : tree.files(".ts")) {
            String name = tree.relative(file);
            if (!name.contains("/src/") || name.endsWith("/clock.ts")) {
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
            String where = ONLY_IN.get(name);
            boolean product = !source.isTest() && !source.file().startsWith("bench/");
            if (NOWHERE.contains(name)
                    || (where != null && product && !source.name().endsWith(where))) {
                findings.add(source.file(), source.firstLine(call), name);
            }
            return super.visitMethodInvocation(call, unused);
        }

        @Override
        public Void visitNewClass(NewClassTree call, Void unused) {
            String name = "new " + call.getIdentifier();
            if (NOWHERE.contains(name) && call.getArguments().isEmpty()) {
                findings.add(source.file(), source.firstLine(call), name + "() without a seed");
            }
            return super.visitNewClass(call, unused);
        }
    }
}

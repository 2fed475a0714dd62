package celeriant.tidy;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Names say what a thing is. */
class NamesTest {
    private static final Pattern EMPTY_NAME = Pattern.compile("(?i)(utils?|commons?|managers?|helpers?)");
    private static final Pattern EMPTY_ENDING = Pattern.compile(".*(Utils?|Common|Managers?|Helpers?)");
    private static final Pattern ACCESSOR = Pattern.compile("(get|set)[A-Z].*");

    private final Tree tree = Tree.read();

    @Test
    void nothingIsCalledUtilCommonManagerOrHelper() {
        Findings findings = new Findings();
        for (Path file : tree.files()) {
            String relative = tree.relative(file);
            for (String part : relative.split("/")) {
                String stem = part.contains(".") ? part.substring(0, part.indexOf('.')) : part;
                if (EMPTY_NAME.matcher(stem).matches()
                        || EMPTY_ENDING.matcher(stem).matches()) {
                    findings.add(relative, "says nothing with " + part);
                }
            }
        }
        findings.assertNone("util, common, manager and helper are no names");
    }

    @Test
    void methodsCarryNoGetOrSet() {
        Findings findings = new Findings();
        for (JavaSource source : JavaSource.parse(tree, tree.files(".java"))) {
            source.unit()
                    .accept(
                            new TreeScanner<Void, Void>() {
                                @Override
                                public Void visitMethod(MethodTree method, Void unused) {
                                    if (ACCESSOR.matcher(method.getName()).matches() && !overrides(method)) {
                                        findings.add(source.file(), source.firstLine(method), method.getName() + "()");
                                    }
                                    return super.visitMethod(method, unused);
                                }
                            },
                            null);
        }
        findings.assertNone("a method is named after what it gives, without get or set");
    }

    private static boolean overrides(MethodTree method) {
        for (AnnotationTree annotation : method.getModifiers().getAnnotations()) {
            if (annotation.getAnnotationType().toString().equals("Override")) {
                return true;
            }
        }
        return false;
    }

    @Test
    void everyPackageSaysWhatLivesInIt() {
        Findings findings = new Findings();
        Set<Path> packages = tree.java(name -> name.contains("/src/main/java/")).stream()
                .map(Path::getParent)
                .collect(Collectors.toSet());
        for (Path folder : packages) {
            if (!Files.exists(folder.resolve("package-info.java"))) {
                findings.add(tree.relative(folder), "has no package-info.java");
            }
        }
        findings.assertNone("a package says what lives in it and what may not be imported");
    }
}

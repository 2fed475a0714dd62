package celeriant.tidy;

import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Small rooms: what does not fit on a few screens holds more than one thing. */
class SizesTest {
    private static final int FILE_LINES_MAX = 400;
    private static final int LINE_COLUMNS_MAX = 120;
    private static final int METHOD_LINES_MAX = 60;
    private static final String TEXT_BLOCK = "\"".repeat(3);
    private static final List<String> CODE =
            List.of(".java", ".ts", ".tsx", ".mjs", ".js", ".css", ".html", "/celeriant");

    /**
     * The head of a TypeScript function or method whose body opens on this line, as prettier lays it out. A contract is
     * a suite: its function is the file.
     */
    private static final Pattern FUNCTION = Pattern.compile("^(?!export function \\w+Contract\\()("
            + " *)(?:(?:export|default|async|public|private|protected|static|override)"
            + " )*(?:function\\b.*|(?:const|let) \\w+.*=> *|(?!if|for|while|switch|catch|return)#?\\w+\\(.*)\\{$");

    private final Tree tree = Tree.read();

    @Test
    void filesAndLinesAreShort() {
        Findings findings = new Findings();
        for (Path file : code()) {
            List<String> lines = Tree.text(file).lines().toList();
            if (lines.size() > FILE_LINES_MAX) {
                findings.add(tree.relative(file), "has " + lines.size() + " lines");
            }
            boolean inTextBlock = false;
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                int columns = line.codePointCount(0, line.length());
                if (columns > LINE_COLUMNS_MAX && !(inTextBlock && isTest(file))) {
                    findings.add(tree.relative(file), i + 1, "has " + columns + " columns");
                }
                inTextBlock ^= line.contains(TEXT_BLOCK);
            }
        }
        findings.assertNone("at most " + FILE_LINES_MAX + " lines of at most " + LINE_COLUMNS_MAX + " columns");
    }

    @Test
    void javaMethodsAreShort() {
        Findings findings = new Findings();
        for (JavaSource source : JavaSource.parse(tree, tree.files(".java"))) {
            source.unit()
                    .accept(
                            new TreeScanner<Void, Void>() {
                                @Override
                                public Void visitMethod(MethodTree method, Void unused) {
                                    long lines = method.getBody() == null
                                            ? 0
                                            : source.lastLine(method) - source.firstLine(method.getBody()) + 1;
                                    if (lines > METHOD_LINES_MAX) {
                                        String what = method.getName() + " has " + lines + " lines";
                                        findings.add(source.file(), source.firstLine(method), what);
                                    }
                                    return super.visitMethod(method, unused);
                                }
                            },
                            null);
        }
        findings.assertNone("methods have at most " + METHOD_LINES_MAX + " lines");
    }

    @Test
    void typeScriptFunctionsAreShort() {
        Findings findings = new Findings();
        for (Path file : tree.files(".ts")) {
            List<String> lines = Tree.text(file).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                Matcher head = FUNCTION.matcher(lines.get(i));
                if (head.matches() && closes(lines, i, head.group(1)) - i + 1 > METHOD_LINES_MAX) {
                    findings.add(tree.relative(file), i + 1, lines.get(i).strip());
                }
            }
        }
        findings.assertNone("functions have at most " + METHOD_LINES_MAX + " lines");
    }

    private static int closes(List<String> lines, int from, String indent) {
        for (int i = from + 1; i < lines.size(); i++) {
            if (lines.get(i).startsWith(indent + "}")) {
                return i;
            }
        }
        return from;
    }

    /** A row of a test's table is data: it is as long as it is. */
    private boolean isTest(Path file) {
        return tree.relative(file).contains("/src/test/java/");
    }

    private List<Path> code() {
        List<Path> code = new ArrayList<>();
        for (Path file : tree.files()) {
            if (CODE.stream().anyMatch(("/" + tree.relative(file))::endsWith)) {
                code.add(file);
            }
        }
        return code;
    }
}

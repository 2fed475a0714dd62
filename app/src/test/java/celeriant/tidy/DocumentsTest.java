package celeriant.tidy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links in documents lead somewhere: to a file of the tree, and to a heading that it has; so do commands. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    /** Maven runs nothing and says nothing where there is no such test. */
    private static final Pattern TEST = Pattern.compile("-Dtest=(\\w+)");

    private final Tree tree = Tree.read();

    @Test
    void linksLeadSomewhere() {
        Findings findings = new Findings();
        for (Path document : tree.files(".md")) {
            int number = 0;
            for (String line : Tree.text(document).split("\n")) {
                number++;
                Matcher link = LINK.matcher(line.replaceAll("`[^`]*`", ""));
                while (link.find()) {
                    if (dead(document, link.group(1))) {
                        findings.add(tree.relative(document), number, "links to " + link.group(1));
                    }
                }
            }
        }
        findings.assertNone("links lead to a file of the tree, or out of it with a scheme");
    }

    @Test
    void everyDecisionIsListed() {
        Findings findings = new Findings();
        Path folder = tree.root().resolve("docs/decisions");
        String list = Tree.text(folder.resolve("README.md"));
        for (Path document : tree.files(".md")) {
            String name = document.getFileName().toString();
            boolean decision = document.startsWith(folder) && !name.equals("README.md");
            if (decision && !list.contains("](" + name + ")")) {
                findings.add(tree.relative(document), "is not in docs/decisions/README.md");
            }
        }
        findings.assertNone("docs/decisions/README.md lists every decision");
    }

    @Test
    void commandsNameTestsThatThereAre() {
        Findings findings = new Findings();
        for (Path document : tree.files(".md")) {
            Matcher command = TEST.matcher(Tree.text(document));
            while (command.find()) {
                if (tree.files(command.group(1) + ".java").isEmpty()) {
                    findings.add(tree.relative(document), "runs " + command.group(1));
                }
            }
        }
        findings.assertNone("a command in a document names a test of the tree");
    }

    private static boolean dead(Path document, String target) {
        if (target.matches("[a-z]+:.*")) {
            return false;
        }
        int hash = target.indexOf('#');
        String file = hash < 0 ? target : target.substring(0, hash);
        Path there = file.isEmpty() ? document : document.resolveSibling(file);
        if (!Files.exists(there)) {
            return true;
        }
        return hash >= 0 && !hasHeading(there, target.substring(hash + 1));
    }

    private static boolean hasHeading(Path document, String anchor) {
        return Tree.text(document)
                .lines()
                .filter(line -> line.startsWith("#"))
                .anyMatch(line -> anchorOf(line).equals(anchor));
    }

    /** As code hosts make them: lower case, no punctuation, hyphens for spaces. */
    private static String anchorOf(String heading) {
        return heading.replaceFirst("^#+ *", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\w\\- ]", "")
                .replace(' ', '-');
    }
}

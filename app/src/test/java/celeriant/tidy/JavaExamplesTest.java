package celeriant.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in the README is compiled and run as it stands there; that of other documents is cut from tests. */
class JavaExamplesTest {
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final String CLASS = """
        import celeriant.gateway.*;
        import celeriant.gateway.operator.*;
        import celeriant.log.*;
        import celeriant.log.embedded.*;
        import celeriant.model.*;
        import java.nio.file.Path;
        import java.util.UUID;

        public class Example {
            public static void main(String[] folder) throws Exception {
        %s
            }
        }
        """;

    @TempDir
    private Path folder;

    private Class<?> compiled(String snippet) throws IOException, ReflectiveOperationException {
        Path source = folder.resolve("Example.java");
        Files.writeString(source, CLASS.formatted(snippet));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        boolean isGood = compiler.getTask(
                        said,
                        null,
                        null,
                        java.util.List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertTrue(isGood, said::toString);
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}).loadClass("Example");
    }

    private String run(Class<?> example) throws ReflectiveOperationException {
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            example.getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {folder.resolve("data").toString()});
        } finally {
            System.setOut(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theExamplesOfOtherDocumentsAreCutFromTests() {
        Tree tree = Tree.read();
        String tests = tree.java(name -> name.contains("/src/test/")).stream()
                .map(test -> packed(Tree.text(test)))
                .collect(Collectors.joining());
        Findings findings = new Findings();
        for (Path document : tree.files(".md")) {
            Matcher block = JAVA.matcher(Tree.text(document));
            while (!document.equals(tree.root().resolve("README.md")) && block.find()) {
                if (!tests.contains(packed(block.group(1)))) {
                    findings.add(tree.relative(document), block.group(1));
                }
            }
        }
        findings.assertNone("an example in a document stands in a test, word for word");
    }

    private static String packed(String text) {
        return text.replaceAll("\\s+", "");
    }

    @Test
    void theReadmesExampleAppendsAndReadsWhatItAppended() throws Exception {
        Matcher block = JAVA.matcher(Tree.text(Tree.read().root().resolve("README.md")));
        assertTrue(block.find(), "the README has no Java in it");
        String snippet = block.group(1);
        assertTrue(snippet.contains("Path.of(\"data\")"), snippet);
        Class<?> example = compiled(snippet.replace("Path.of(\"data\")", "Path.of(folder[0])"));
        assertEquals(
                1, run(example).lines().filter(line -> line.contains("issued")).count());
        assertEquals(
                2, run(example).lines().filter(line -> line.contains("issued")).count());
    }

    @Test
    void theReadmesGatewayServes() throws Exception {
        Matcher block = JAVA.matcher(Tree.text(Tree.read().root().resolve("README.md")));
        assertTrue(block.find() && block.find(), "the README has no gateway in it");
        String shown = "System.out.println(gateway.url());";
        assertTrue(block.group(1).contains(shown), block.group(1));
        String asked = "java.net.URI.create(gateway.url() + \"/openapi.json\").toURL().openStream().readAllBytes()";
        String said = run(compiled(block.group(1)
                .replace("Path.of(\"data\")", "Path.of(folder[0])")
                .replace(shown, shown + "System.out.println(new String(" + asked + "));")));
        assertTrue(said.startsWith("http://127.0.0.1:"), said);
        assertTrue(said.contains("\"openapi\""), said);
    }
}

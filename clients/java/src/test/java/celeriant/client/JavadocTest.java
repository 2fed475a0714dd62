package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.DocumentationTool;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The Javadoc")
@Timeout(240)
class JavadocTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    @DisplayName("is generated without a warning, its examples cut from code that runs in the tests")
    void generates() throws Exception {
        DocumentationTool tool = ToolProvider.getSystemDocumentationTool();
        try (StandardJavaFileManager files = tool.getStandardFileManager(null, null, null)) {
            StringWriter said = new StringWriter();
            List<String> options = List.of(
                    "-Xdoclint:all,-missing",
                    "-Werror",
                    "-quiet",
                    "-notimestamp",
                    "--snippet-path",
                    MODULE.resolve("src/test/java").toString(),
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "-d",
                    folder.toString());
            boolean good = tool.getTask(said, files, null, null, options, sources(files))
                    .call();
            assertTrue(good, said.toString());
            assertEquals("", said.toString());
            assertTrue(Files.readString(folder.resolve("celeriant/client/Celeriant.html"))
                    .contains("handle.awaitConfirmed()"));
        }
    }

    @Test
    @DisplayName("says something of every public type and method")
    void isWhole() throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(null, files, null, null, null, sources(files));
            Undocumented scanner = new Undocumented(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                scanner.scan(unit, null);
            }
            assertEquals(List.of(), scanner.found);
        }
    }

    private static Iterable<? extends JavaFileObject> sources(StandardJavaFileManager files) throws IOException {
        try (Stream<Path> all = Files.walk(MODULE.resolve("src/main/java"))) {
            return files.getJavaFileObjectsFromPaths(
                    all.filter(file -> file.toString().endsWith(".java")).toList());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Finds public types and methods without a comment; what overrides another says what that one says. */
    private static final class Undocumented extends TreePathScanner<Void, Void> {
        private final List<String> found = new ArrayList<>();
        private final DocTrees docs;

        Undocumented(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            Tree outer = getCurrentPath().getParentPath().getLeaf();
            boolean inInterface = outer.getKind() == Tree.Kind.INTERFACE;
            if (!inInterface && !type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
                return null;
            }
            look(type.getSimpleName().toString(), getCurrentPath());
            return super.visitClass(type, unused);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            ClassTree owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
            Set<Modifier> flags = method.getModifiers().getFlags();
            boolean isPublic = flags.contains(Modifier.PUBLIC) || owner.getKind() == Tree.Kind.INTERFACE;
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            boolean compact = method.getName().contentEquals("<init>") && owner.getKind() == Tree.Kind.RECORD;
            boolean thrown = method.getName().contentEquals("<init>")
                    && owner.getSimpleName().toString().endsWith("Exception");
            if (isPublic && !overrides && !compact && !thrown && !flags.contains(Modifier.PRIVATE)) {
                look(owner.getSimpleName() + "." + method.getName(), getCurrentPath());
            }
            return null;
        }

        private void look(String name, TreePath path) {
            DocCommentTree comment = docs.getDocCommentTree(path);
            if (comment == null) {
                found.add(name);
            }
        }
    }
}

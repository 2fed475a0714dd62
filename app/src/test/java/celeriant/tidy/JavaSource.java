package celeriant.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** One Java file as the compiler's parser sees it, so that rules look at code and not at comments or strings. */
record JavaSource(String file, CompilationUnitTree unit, Trees trees) {

    /** Parses these files of the tree; they are known to compile, since the build came here. */
    static List<JavaSource> parse(Tree tree, List<Path> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaSource> sources = new ArrayList<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            var objects = manager.getJavaFileObjectsFromPaths(files);
            JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, objects);
            Trees trees = Trees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                sources.add(new JavaSource(
                        tree.relative(Path.of(unit.getSourceFile().toUri())), unit, trees));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    long firstLine(com.sun.source.tree.Tree node) {
        return lineOf(trees.getSourcePositions().getStartPosition(unit, node));
    }

    long lastLine(com.sun.source.tree.Tree node) {
        return lineOf(trees.getSourcePositions().getEndPosition(unit, node));
    }

    private long lineOf(long offset) {
        return offset < 0 ? 0 : unit.getLineMap().getLineNumber(offset);
    }

    boolean isTest() {
        return file.contains("/src/test/");
    }

    boolean isPackageInfo() {
        return unit.getKind() == Kind.COMPILATION_UNIT && file.endsWith("/package-info.java");
    }

    /** The file's name without its folder. */
    String name() {
        return file.substring(file.lastIndexOf('/') + 1);
    }
}

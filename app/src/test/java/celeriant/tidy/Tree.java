package celeriant.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The files that people wrote in this repository: everything but what builds and version control put there. */
final class Tree {
    private static final Set<String> FOLDERS_NOT_OURS = Set.of(".git", "target", "node_modules", "dist", ".celeriant");

    private final Path root;
    private final List<Path> files;

    private Tree(Path root, List<Path> files) {
        this.root = root;
        this.files = files;
    }

    /** Reads the tree that the tests run in: the nearest folder upwards that holds the launcher. */
    static Tree read() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("celeriant")) || !Files.exists(root.resolve("model"))) {
            root = root.getParent();
            if (root == null) {
                throw new IllegalStateException("no folder above " + Path.of("").toAbsolutePath() + " is the root");
            }
        }
        return new Tree(root, walk(root));
    }

    private static List<Path> walk(Path root) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    boolean ours =
                            !FOLDERS_NOT_OURS.contains(folder.getFileName().toString());
                    return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && !file.endsWith(".git")) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(null);
        return List.copyOf(found);
    }

    Path root() {
        return root;
    }

    /** Every file, sorted. */
    List<Path> files() {
        return files;
    }

    /** The files whose name has this ending, such as {@code .java}. */
    List<Path> files(String ending) {
        return files.stream()
                .filter(file -> file.getFileName().toString().endsWith(ending))
                .toList();
    }

    /** The Java sources of one module that are not tests. */
    List<Path> mainJava(String module) {
        Path main = root.resolve(module).resolve("src/main/java");
        return files(".java").stream().filter(file -> file.startsWith(main)).toList();
    }

    List<Path> java(Predicate<String> relativeName) {
        return files(".java").stream()
                .filter(file -> relativeName.test(relative(file)))
                .toList();
    }

    /** How a report names the file. */
    String relative(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + file, e);
        }
    }
}

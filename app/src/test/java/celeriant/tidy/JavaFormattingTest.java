package celeriant.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One formatter for all Java code, no options. With {@code -Dtidy.write=true}, which is what {@code ./celeriant format}
 * passes, it writes instead of complaining.
 */
class JavaFormattingTest {
    private static final boolean WRITE = Boolean.getBoolean("tidy.write");

    private final Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(true)
            .build());

    @Test
    void javaSourcesAreFormatted() throws IOException {
        Tree tree = Tree.read();
        List<String> unformatted = new ArrayList<>();
        for (Path file : tree.files(".java")) {
            String source = Tree.text(file);
            String formatted = format(tree.relative(file), source);
            if (!formatted.equals(source)) {
                if (WRITE) {
                    Files.writeString(file, formatted);
                } else {
                    unformatted.add(tree.relative(file));
                }
            }
        }
        assertEquals(List.of(), unformatted, "run ./celeriant format");
    }

    private String format(String file, String source) {
        try {
            return formatter.formatSourceAndFixImports(source);
        } catch (FormatterException e) {
            // A bare _ in a record pattern is not known to it; var _ is.
            throw new AssertionError(file + " cannot be formatted: " + e.getMessage(), e);
        }
    }
}

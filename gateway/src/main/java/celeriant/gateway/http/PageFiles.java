package celeriant.gateway.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of an application's page, read once into memory, under a strict content security policy: what is not in the
 * folder at the start cannot be asked for. Immutable: any thread.
 */
public final class PageFiles {
    private static final long FILE_BYTES_MAX = 16L << 20;
    private static final String POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
            + " form-action 'self'; frame-ancestors 'none'";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "webmanifest", "application/manifest+json",
            "map", "application/json",
            "txt", "text/plain; charset=utf-8");

    private final Map<String, File> files = new TreeMap<>();

    private record File(Answer answer, String tag) {}

    private PageFiles() {}

    /** Reads a folder; its {@code index.html} is what {@code /} shows. */
    public static PageFiles read(Path folder) {
        PageFiles page = new PageFiles();
        page.add(folder, "/");
        return page;
    }

    /** Another page beside this one, below {@code under}, as {@code /a/}, which shows its {@code index.html}. */
    public PageFiles and(String under, Path folder) {
        PageFiles both = new PageFiles();
        both.files.putAll(files);
        both.add(folder, under);
        return both;
    }

    private void add(Path folder, String under) {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                String path = under + folder.relativize(file).toString().replace('\\', '/');
                if (Files.size(file) > FILE_BYTES_MAX) {
                    throw new IllegalArgumentException(file + " has more than " + FILE_BYTES_MAX + " bytes");
                }
                add(path, Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the page in " + folder, e);
        }
        File index = files.get(under + "index.html");
        if (index == null) {
            throw new IllegalArgumentException("there is no index.html in " + folder);
        }
        files.put(under, index);
        if (!under.equals("/")) {
            files.put(under.substring(0, under.length() - 1), new File(movedTo(under), ""));
        }
    }

    private static Answer movedTo(String address) {
        return Answer.empty(308).with("Location", address);
    }

    private void add(String path, byte[] bytes) {
        String tag = "\"" + hash(bytes) + "\"";
        String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), MediaTypes.OCTETS);
        Answer answer = new Answer(200, type, bytes, Map.of())
                .with("ETag", tag)
                .with("Cache-Control", "no-cache")
                .with("Content-Security-Policy", POLICY)
                .with("Referrer-Policy", "no-referrer");
        files.put(path, new File(answer, tag));
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public Set<String> paths() {
        return files.keySet();
    }

    /** The file at {@code path}, or 304. */
    public Answer answer(String path, Exchange exchange) {
        File file = files.get(path);
        String known = exchange.header("If-None-Match");
        return known != null && List.of(known.split("\\s*,\\s*")).contains(file.tag())
                ? Answer.empty(304).with("ETag", file.tag())
                : file.answer();
    }
}

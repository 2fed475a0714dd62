package celeriant.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Headers that many answers share, with their lines of HTTP/1.1 made once. Immutable: any thread. */
public final class HeaderBlock {
    /** No headers. */
    public static final HeaderBlock NONE = of(List.of());

    private final List<String> namesAndValues;
    private final byte[] lines;

    private HeaderBlock(List<String> namesAndValues, byte[] lines) {
        this.namesAndValues = namesAndValues;
        this.lines = lines;
    }

    /** Headers from names and values in turn, both ASCII. */
    public static HeaderBlock of(List<String> namesAndValues) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < namesAndValues.size(); i += 2) {
            lines.append(namesAndValues.get(i))
                    .append(": ")
                    .append(namesAndValues.get(i + 1))
                    .append("\r\n");
        }
        return new HeaderBlock(List.copyOf(namesAndValues), lines.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** Names and values in turn. */
    public List<String> namesAndValues() {
        return namesAndValues;
    }

    /** The lines, each with its end; not to be changed. */
    public byte[] lines() {
        return lines;
    }
}

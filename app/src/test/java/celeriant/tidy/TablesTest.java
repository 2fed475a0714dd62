package celeriant.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What stands in more than one place is the same there: error codes and limits, in code, documents and TypeScript. */
class TablesTest {
    private static final Pattern ERROR_ROW = Pattern.compile("(?m)^\\| (\\d{3}) \\| `([a-z-]+)`");
    private static final Pattern LIMIT_ROW = Pattern.compile("(?m)^\\| ([^|]+?) \\| ([^|]*\\d[^|]*?) \\|$");
    private static final Pattern TYPESCRIPT_CODE = Pattern.compile("\"([a-z-]+)\"");

    private final Tree tree = Tree.read();

    @Test
    void theProtocolNamesEveryErrorCodeWithItsStatus() {
        Map<String, Integer> written = new TreeMap<>();
        Matcher rows = ERROR_ROW.matcher(section("## Errors"));
        while (rows.find()) {
            written.put(rows.group(2), Integer.valueOf(rows.group(1)));
        }
        Map<String, Integer> table = new TreeMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            table.put(code.code(), code.status());
        }
        assertEquals(table, written);
    }

    @Test
    void theTypeScriptUnionHasEveryErrorCode() {
        String source = Tree.text(tree.root().resolve("clients/typescript/src/protocol/error-code.ts"));
        TreeSet<String> union = new TreeSet<>();
        Matcher codes = TYPESCRIPT_CODE.matcher(source.substring(source.indexOf("export type ErrorCode")));
        while (codes.find()) {
            union.add(codes.group(1));
        }
        TreeSet<String> table = new TreeSet<>();
        Arrays.stream(ErrorCode.values()).forEach(code -> table.add(code.code()));
        assertEquals(table, union);
    }

    @Test
    void theProtocolNamesEveryLimitWithItsDefault() {
        Limits limits = Limits.DEFAULT;
        List<String> written = LIMIT_ROW
                .matcher(section("## Names and limits"))
                .results()
                .map(row -> row.group(2))
                .toList();
        List<String> table = List.of(
                bytes(limits.bodyBytesMax()),
                bytes(limits.snapshotBytesMax()),
                number(limits.requestAppendsMax()),
                number(limits.appendEventsMax()),
                bytes(limits.appendBytesMax()),
                bytes(limits.eventDataBytesMax()),
                "1 to " + limits.keyBytesMax() + " bytes of UTF-8 without control characters",
                number(limits.jsonDepthMax()),
                number(limits.pageEventsDefault()),
                number(limits.pageEventsMax()),
                bytes(limits.pageBytesMax()),
                number(limits.filterNamesMax()),
                bytes(limits.presenceBytesMax()));
        assertEquals(table, written);
    }

    @Test
    void theTypeScriptClientKnowsTheSameLimits() {
        Limits limits = Limits.DEFAULT;
        String source = Tree.text(tree.root().resolve("clients/typescript/src/limits.ts"));
        Map<String, Integer> table = Map.of(
                "MAX_EVENTS_PER_APPEND", limits.appendEventsMax(),
                "MAX_APPEND_JSON_BYTES", limits.appendBytesMax(),
                "MAX_EVENT_DATA_BYTES", limits.eventDataBytesMax(),
                "MAX_KEY_BYTES", limits.keyBytesMax(),
                "MAX_APPENDS_PER_PUSH", limits.requestAppendsMax(),
                "MAX_AGGREGATES_FOLLOWED", limits.filterNamesMax());
        table.forEach((name, value) -> {
            Matcher constant =
                    Pattern.compile("const " + name + " = ([\\d_* ]+);").matcher(source);
            assertTrue(constant.find(), name);
            int product = Arrays.stream(constant.group(1).replace("_", "").split("\\*"))
                    .mapToInt(factor -> Integer.parseInt(factor.strip()))
                    .reduce(1, Math::multiplyExact);
            assertEquals(value, product, name);
        });
    }

    private String section(String heading) {
        String protocol = Tree.text(tree.root().resolve("PROTOCOL.md"));
        int start = protocol.indexOf("\n" + heading + "\n");
        return protocol.substring(start, protocol.indexOf("\n## ", start + 1));
    }

    private static String number(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String bytes(int value) {
        return value % (1 << 20) == 0 ? (value >> 20) + " MiB" : (value >> 10) + " KiB";
    }
}

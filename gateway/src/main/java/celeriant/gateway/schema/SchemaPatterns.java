package celeriant.gateway.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.SchemaException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.Map;
import java.util.regex.Matcher;

/**
 * The regular expressions of schemas: those of RE2, whose time is the pattern's size times the text's length and never
 * more. A schema comes from outside and runs on the log's writer thread, where a backtracking engine could be made to
 * stand still. What only backtracking can do (look-around, back references) is refused when a schema is registered, and
 * so is a pattern whose program is large. Each thread has a budget for what it checks at once. Stateless but for that.
 */
final class SchemaPatterns implements RegularExpressionFactory {
    /** Instructions of one pattern; a counted repeat stands in it as often as it says. */
    static final int PROGRAM_MAX = 1_000;

    /** Instructions times characters that one check may cost: about a second at the worst. */
    static final long BUDGET = 100_000_000;

    /** The long names of categories that ECMAScript knows, and RE2 does not. */
    private static final Map<String, String> CATEGORIES = Map.ofEntries(
            Map.entry("Letter", "L"),
            Map.entry("Uppercase_Letter", "Lu"),
            Map.entry("Lowercase_Letter", "Ll"),
            Map.entry("Mark", "M"),
            Map.entry("Number", "N"),
            Map.entry("Decimal_Number", "Nd"),
            Map.entry("Punctuation", "P"),
            Map.entry("Symbol", "S"),
            Map.entry("Separator", "Z"),
            Map.entry("Control", "Cc"));

    private static final java.util.regex.Pattern ESCAPE =
            java.util.regex.Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|([pP])\\{(?:Script=)?(\\w+)}|.)");

    private static final ThreadLocal<long[]> SPENT = ThreadLocal.withInitial(() -> new long[1]);

    /** What is checked costs more than a check may; the schema's author can make it cheaper. */
    static final class TooCostlyException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Begins a check with the whole budget. */
    static void begin() {
        SPENT.get()[0] = 0;
    }

    @Override
    public RegularExpression getRegularExpression(String text) {
        Pattern pattern = compile(text);
        return value -> {
            spend((long) pattern.programSize() * (value.length() + 1));
            return pattern.matcher(value).find();
        };
    }

    private static void spend(long cost) {
        long[] spent = SPENT.get();
        spent[0] += cost;
        if (spent[0] > BUDGET) {
            throw new TooCostlyException();
        }
    }

    private static Pattern compile(String text) {
        try {
            Pattern pattern = Pattern.compile(inRe2(text));
            if (pattern.programSize() > PROGRAM_MAX) {
                throw new SchemaException("the pattern " + text + " is too large");
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new SchemaException("the pattern " + text + " is none of RE2: " + e.getDescription());
        }
    }

    /** The same in RE2's way of writing: <code>&#92;u0041</code>, scripts, and long names of categories. */
    private static String inRe2(String text) {
        return ESCAPE.matcher(text).replaceAll(found -> {
            String escape = found.group();
            if (found.group(1) != null) {
                escape = "\\x{" + found.group(1) + "}";
            } else if (found.group(3) != null) {
                String name = CATEGORIES.getOrDefault(found.group(3), found.group(3));
                escape = "\\" + found.group(2) + "{" + name + "}";
            }
            return Matcher.quoteReplacement(escape);
        });
    }
}

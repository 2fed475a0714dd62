package celeriant.gateway.http;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much a caller likes what a header lists (RFC 9110 section 12.4.2). Stateless: any thread. */
final class Weights {
    private static final Pattern WEIGHT = Pattern.compile(";\\s*[qQ]=([01](?:\\.\\d{0,3})?)");

    private Weights() {}

    /** The weight of the first of {@code names}, in lower case, that {@code list} has; empty if it has none. */
    static OptionalDouble of(String list, String... names) {
        for (String name : names) {
            for (String entry : list.split(",")) {
                if (essence(entry).equals(name)) {
                    Matcher weight = WEIGHT.matcher(entry);
                    return OptionalDouble.of(weight.find() ? Double.parseDouble(weight.group(1)) : 1);
                }
            }
        }
        return OptionalDouble.empty();
    }

    /** What stands before the parameters, in lower case. */
    static String essence(String entry) {
        int semicolon = entry.indexOf(';');
        return (semicolon < 0 ? entry : entry.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }
}

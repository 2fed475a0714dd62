package celeriant.gateway.http;

import celeriant.model.ExpectedVersion;
import celeriant.model.Problem;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;

/** The headers that make a write conditional or repeatable (RFC 9110 section 13, Idempotency-Key). Stateless. */
public final class Conditions {
    private static final Pattern UUID_SHAPE =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final List<String> NAMES = List.of("If-Match", "If-None-Match");

    private Conditions() {}

    /** What {@code If-Match} and {@code If-None-Match} of a write expect; {@code Any} without them. */
    public static ExpectedVersion expected(Exchange exchange) {
        OptionalLong match = ifMatch(exchange);
        String noneMatch = exchange.singleHeader("If-None-Match");
        if (noneMatch == null) {
            return match.isPresent() ? ExpectedVersion.of(match.getAsLong()) : new ExpectedVersion.Any();
        }
        if (match.isPresent()) {
            throw Exchange.badHeader("If-None-Match", "If-Match and If-None-Match exclude each other.");
        }
        if (!noneMatch.strip().equals("*")) {
            throw Exchange.badHeader("If-None-Match", "On a write If-None-Match is *: it must not exist.");
        }
        return new ExpectedVersion.None();
    }

    /** Refuses a condition where none is looked at: who sends one relies on it. */
    static void requireNone(Exchange exchange) {
        for (String name : NAMES) {
            if (exchange.headerCount(name) > 0) {
                throw Exchange.badHeader(name, name + " is not looked at here; an append's condition is its expected.");
            }
        }
    }

    /** The version in {@code If-Match}: one strong ETag. */
    private static OptionalLong ifMatch(Exchange exchange) {
        String header = exchange.singleHeader("If-Match");
        if (header == null) {
            return OptionalLong.empty();
        }
        String tag = header.strip();
        boolean quoted = tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\"");
        long version = quoted ? Query.wholeNumber(tag.substring(1, tag.length() - 1)) : -1;
        // Nothing but what ETag said: "01" is another tag than "1".
        if (version < 0 || !tag.equals(tagOf(version))) {
            throw Exchange.badHeader("If-Match", "If-Match is one strong ETag: a version in quotes, such as \"17\".");
        }
        return OptionalLong.of(version);
    }

    private static String tagOf(long version) {
        return "\"" + version + "\"";
    }

    /** Whether the caller has {@code version} already, as {@code If-None-Match} of a read says. */
    public static boolean isKnown(Exchange exchange, long version) {
        String header = exchange.listHeader("If-None-Match");
        if (header == null) {
            return false;
        }
        for (String part : header.split(",")) {
            String tag = part.strip();
            String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
            if (tag.equals("*") || strong.equals(tagOf(version))) {
                return true;
            }
        }
        return false;
    }

    /** {@code answer} with its ETag; 304 without it if the caller has that version already. */
    public static Answer unlessKnown(Exchange exchange, long version, Answer answer) {
        return (isKnown(exchange, version) ? Answer.empty(304) : answer).withETag(version);
    }

    /** The UUID in {@code Idempotency-Key}, quoted or not; null without it. */
    public static UUID idempotencyKey(Exchange exchange) {
        String header = exchange.singleHeader(IDEMPOTENCY_KEY);
        if (header == null) {
            return null;
        }
        String key = header.strip();
        boolean quoted = key.length() > 2 && key.startsWith("\"") && key.endsWith("\"");
        String bare = quoted ? key.substring(1, key.length() - 1) : key;
        if (!UUID_SHAPE.matcher(bare).matches()) {
            throw Exchange.badHeader(IDEMPOTENCY_KEY, "Idempotency-Key is a UUID.");
        }
        return UUID.fromString(bare);
    }

    /** {@code problem} as it is told to who sends the id in a header: that is where a fault of it is. */
    public static Problem whereSent(Problem problem) {
        return "/id".equals(problem.fields().get("pointer"))
                ? Problem.of(problem.code(), problem.detail()).with("header", IDEMPOTENCY_KEY)
                : problem;
    }
}

package celeriant.model;

import java.util.Set;

/**
 * The alphabet of names: org, aggregate type, aggregate id, event type, type version, instance.
 *
 * <p>{@code [A-Za-z0-9_-][A-Za-z0-9._~-]{0,127}}; a system type has a {@code $} in front (PROTOCOL, "Names and
 * limits"). A name outside it is refused, never repaired: two spellings of one name would be two aggregates.
 */
public final class Names {
    /** The longest name, in characters (all of them ASCII). */
    public static final int NAME_CHARS_MAX = 128;

    /** The type of the event by which a trim says in the log what is gone. */
    public static final String TRIMMED = "$trimmed";

    /** The same of a deletion. */
    public static final String DELETED = "$deleted";

    /** The first path segments of the protocol's own addresses: no aggregate type is called so. */
    private static final Set<String> RESERVED =
            Set.of("appends", "events", "subscriptions", "schemas", "shares", "members", "me");

    private static final String BESIDE = "$access.";
    private static final String FIRST = "_-";
    private static final String FOLLOWING = "._~-";

    private Names() {}

    /** Whether {@code name} is in the alphabet; a system name ({@code $…}) is not. */
    public static boolean isName(String name) {
        return isNameFrom(name, 0);
    }

    /**
     * Whether {@code name} is a system aggregate's type: {@code $} and a name, or {@code $access.} and the whole type
     * of the aggregate beside which it stands.
     */
    public static boolean isSystemName(String name) {
        int start = name.startsWith(BESIDE) ? BESIDE.length() : 1;
        return name.startsWith("$") && isNameFrom(name, start);
    }

    /** Whether {@code type} is that of the system aggregates that stand beside the aggregates of another type. */
    public static boolean isBeside(String type) {
        return type.startsWith(BESIDE);
    }

    /** The type of the aggregates beside which those of {@code type} stand. */
    public static String besideOf(String type) {
        return type.substring(BESIDE.length());
    }

    /** The type of the system aggregates that stand beside those of {@code type}. */
    public static String besideTypeOf(String type) {
        return BESIDE + type;
    }

    /** Whether applications may append to aggregates of this type: a name, and none that an address of ours takes. */
    public static boolean isAggregateType(String type) {
        return isName(type) && !RESERVED.contains(type);
    }

    private static boolean isNameFrom(String name, int start) {
        int length = name.length() - start;
        if (length < 1 || length > NAME_CHARS_MAX || !isOneOf(name.charAt(start), FIRST)) {
            return false;
        }
        for (int i = start + 1; i < name.length(); i++) {
            if (!isOneOf(name.charAt(i), FOLLOWING)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOneOf(char c, String alsoAllowed) {
        boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
        return alphanumeric || alsoAllowed.indexOf(c) >= 0;
    }
}

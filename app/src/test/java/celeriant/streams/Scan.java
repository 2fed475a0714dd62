package celeriant.streams;

import java.util.HashMap;
import java.util.Map;

/**
 * Goes through JSON as the gateway sends it and gives the members of each object that stands at the first level, every
 * value as its text. Knows no more of JSON than that takes. Confined to its thread.
 */
final class Scan {
    private final String text;
    private int at;

    private Scan(String text) {
        this.text = text;
    }

    /** The members of one object. */
    static Map<String, String> object(String text) {
        return new Scan(text).members();
    }

    /** Goes on with each object of an array, in its order. */
    static void array(String text, java.util.function.Consumer<Map<String, String>> each) {
        Scan scan = new Scan(text);
        scan.take('[');
        while (scan.text.charAt(scan.at) != ']') {
            each.accept(scan.members());
            if (scan.text.charAt(scan.at) == ',') {
                scan.at++;
            }
        }
    }

    private void take(char expected) {
        if (text.charAt(at) != expected) {
            throw new IllegalArgumentException("at " + at + " there is no " + expected + ": "
                    + text.substring(at, Math.min(text.length(), at + 40)));
        }
        at++;
    }

    private Map<String, String> members() {
        Map<String, String> members = new HashMap<>();
        take('{');
        while (text.charAt(at) != '}') {
            String name = unquoted(value());
            take(':');
            members.put(name, unquoted(value()));
            if (text.charAt(at) == ',') {
                at++;
            }
        }
        at++;
        return members;
    }

    private static String unquoted(String value) {
        return value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
    }

    /** The text of the value that begins here. */
    private String value() {
        int from = at;
        int depth = 0;
        do {
            char c = text.charAt(at);
            if (c == '"') {
                skipString();
                continue;
            }
            if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                if (depth == 0) {
                    break;
                }
                depth--;
            } else if (depth == 0 && c == ',') {
                break;
            }
            at++;
        } while (depth > 0 || at < text.length() && ",:}]".indexOf(text.charAt(at)) < 0);
        return text.substring(from, at);
    }

    private void skipString() {
        at++;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }
}

package celeriant.gateway.http;

import celeriant.model.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which route an address and a method mean. Literal segments win over names, and there is no way back: what stands
 * below a reserved word is the word's. Built once, then immutable: any thread.
 */
public final class Router<H> {
    private final Node<H> root = new Node<>();

    /** What a method and a path come to. */
    public sealed interface Match<H> {
        /** The route, and the values of its names in the order of the path. */
        record Found<H>(H handler, Map<String, String> names) implements Match<H> {}

        /** A name in the path is outside its alphabet. */
        record BadName<H>(String parameter, String value) implements Match<H> {}

        /** The address has other methods. */
        record OtherMethods<H>(List<String> allowed) implements Match<H> {}

        /** No such address. */
        record Nothing<H>() implements Match<H> {}
    }

    private static final class Node<H> {
        final Map<String, Node<H>> literals = new LinkedHashMap<>();
        final Map<String, H> methods = new LinkedHashMap<>();
        String name;
        Node<H> named;
    }

    /** Adds {@code /v1/{org}/events}: literals, and names in braces. */
    public Router<H> on(String method, String template, H handler) {
        Node<H> node = root;
        for (String part :
                template.equals("/") ? new String[0] : template.substring(1).split("/", -1)) {
            if (!part.startsWith("{")) {
                node = node.literals.computeIfAbsent(part, key -> new Node<>());
                continue;
            }
            String name = part.substring(1, part.length() - 1);
            if (node.named == null) {
                node.name = name;
                node.named = new Node<>();
            } else if (!node.name.equals(name)) {
                throw new IllegalArgumentException(template + ": this place is called " + node.name);
            }
            node = node.named;
        }
        if (node.methods.put(method, handler) != null) {
            throw new IllegalArgumentException(method + " " + template + " is there already");
        }
        return this;
    }

    /** Every method and template, as {@code GET /v1/{org}}. */
    public Set<String> addresses() {
        Set<String> addresses = new TreeSet<>();
        collect(root, "", addresses);
        return addresses;
    }

    private static <H> void collect(Node<H> node, String path, Set<String> addresses) {
        node.methods.keySet().forEach(method -> addresses.add(method + " " + path));
        node.literals.forEach((literal, below) -> collect(below, path + "/" + literal, addresses));
        if (node.named != null) {
            collect(node.named, path + "/{" + node.name + "}", addresses);
        }
    }

    public Match<H> match(String method, List<String> segments) {
        Node<H> node = root;
        Map<String, String> names = new LinkedHashMap<>();
        Match<H> badName = null;
        for (String segment : segments) {
            Node<H> literal = node.literals.get(segment);
            if (literal == null && node.named == null) {
                return new Match.Nothing<>();
            }
            if (literal == null) {
                names.put(node.name, segment);
                if (badName == null && !isAllowed(node.name, segment)) {
                    badName = new Match.BadName<>(node.name, segment);
                }
            }
            node = literal == null ? node.named : literal;
        }
        if (node.methods.isEmpty()) {
            return new Match.Nothing<>();
        }
        return badName == null ? ofMethod(node, method, names) : badName;
    }

    private static <H> Match<H> ofMethod(Node<H> node, String method, Map<String, String> names) {
        H handler = node.methods.get(method);
        if (handler == null && method.equals("HEAD")) {
            handler = node.methods.get("GET");
        }
        return handler == null ? new Match.OtherMethods<>(allowed(node)) : new Match.Found<>(handler, names);
    }

    private static <H> List<String> allowed(Node<H> node) {
        TreeSet<String> allowed = new TreeSet<>(node.methods.keySet());
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        return new ArrayList<>(allowed);
    }

    private static boolean isAllowed(String name, String value) {
        return switch (name) {
            case "type" -> Names.isName(value) || Names.isSystemName(value);
            case "org", "id", "eventType", "typeVersion" -> Names.isName(value);
            default -> true;
        };
    }
}

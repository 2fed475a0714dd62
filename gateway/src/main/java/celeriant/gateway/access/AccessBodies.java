package celeriant.gateway.access;

import celeriant.model.ClientId;
import celeriant.model.Names;
import celeriant.model.Problem;
import celeriant.wire.Rfc3339;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Reads the bodies of the access endpoints; every fault is named by its pointer. */
public final class AccessBodies {
    /** Grants, members or revocations in one request at most. */
    public static final int CHANGES_MAX = 1_000;

    /** Where a share's end stands in the body. */
    static final String EXPIRES = "/expires";

    private static final int ISSUER_CHARS_MAX = 2_048;
    private static final int THUMBPRINT_CHARS = 43;
    private static final String SERVICE = "svc.";

    /** What a {@code PATCH …/access} names: {@code isPublicNamed} tells {@code "public": null} from its absence. */
    public record AccessPatch(Map<Grantee, Optional<Level>> grants, boolean isPublicNamed, Level publicLevel) {}

    /** What a {@code POST …/shares} asks for; {@code uses} 0 = any number. */
    public record ShareWish(String gives, Instant expires, long uses) {}

    private AccessBodies() {}

    /** {@code {"grants"?: [{"client"|"user", "level"|null}], "public"?: level|null}}. */
    public static AccessPatch accessPatch(byte[] body) {
        JsonNode root = JsonBody.object(body);
        Map<Grantee, Optional<Level>> grants = changes(root, "grants", "level", Level::ofWord);
        JsonNode level = root.get("public");
        return new AccessPatch(grants, level != null, level == null || level.isNull() ? null : publicLevel(level));
    }

    private static Level publicLevel(JsonNode node) {
        return text(node, "/public", Level::ofWord)
                .filter(level -> level != Level.OWNER)
                .orElseThrow(
                        () -> RefusedException.badRequest("/public", "public is \"reader\", \"contributor\" or null."));
    }

    /** {@code {"members": [{"client"|"user", "role"|null}]}}. */
    public static Map<Grantee, Optional<Role>> memberPatch(byte[] body) {
        return changes(JsonBody.object(body), "members", "role", Role::ofWord);
    }

    /** {@code {"client"|"user"}}. */
    public static Grantee revocation(byte[] body) {
        return grantee(JsonBody.object(body), "");
    }

    /** {@code {"secret"}}. */
    public static String secret(byte[] body) {
        JsonNode secret = JsonBody.object(body).get("secret");
        if (secret == null || !secret.isString() || secret.asString().isEmpty()) {
            throw RefusedException.badRequest("/secret", "secret is the text that the share was made with.");
        }
        return secret.asString();
    }

    /** {@code {"level", "expires"?, "uses"?}}, or for an invitation to the org {@code {"role", …}}. */
    public static ShareWish share(byte[] body, boolean invitation) {
        JsonNode root = JsonBody.object(body);
        String name = invitation ? "role" : "level";
        JsonNode gives = root.get(name);
        Optional<String> word = gives == null
                ? Optional.empty()
                : invitation
                        ? text(gives, "/role", Role::ofWord)
                                .filter(Role.MEMBER::equals)
                                .map(Role::word)
                        : text(gives, "/level", Level::ofWord).map(Level::word);
        if (word.isEmpty()) {
            String choice = invitation
                    ? "\"member\"; who is to be an admin is named in a PATCH of the members"
                    : "\"reader\", \"contributor\" or \"owner\"";
            throw RefusedException.badRequest("/" + name, name + " is " + choice + ".");
        }
        return new ShareWish(word.get(), expires(root.get("expires")), uses(root.get("uses")));
    }

    private static Instant expires(JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        return Rfc3339.instant(node.isString() ? node.asString() : "")
                .orElseThrow(() -> RefusedException.badRequest(
                        EXPIRES, "expires is a time as in RFC 3339: 2030-01-31T12:00:00Z."));
    }

    private static long uses(JsonNode node) {
        if (node == null || node.isNull()) {
            return 0;
        }
        long uses = JsonBody.count(node);
        if (uses == 0) {
            throw RefusedException.badRequest("/uses", "uses is a whole number from 1 to 2^53-1.");
        }
        return uses;
    }

    private static <T> Map<Grantee, Optional<T>> changes(
            JsonNode root, String name, String field, Function<String, Optional<T>> ofWord) {
        JsonNode list = root.get(name);
        Map<Grantee, Optional<T>> changes = new LinkedHashMap<>();
        if (list == null || list.isNull()) {
            return changes;
        }
        if (!list.isArray()) {
            throw RefusedException.badRequest("/" + name, name + " is an array.");
        }
        if (list.size() > CHANGES_MAX) {
            throw new RefusedException(Problem.tooLarge(
                    "/" + name, name + " has at most " + CHANGES_MAX + " entries.", CHANGES_MAX, "entries"));
        }
        List<JsonNode> entries = new ArrayList<>();
        list.forEach(entries::add);
        for (int i = 0; i < entries.size(); i++) {
            JsonNode entry = entries.get(i);
            String pointer = "/" + name + "/" + i;
            Grantee grantee = grantee(entry, pointer);
            JsonNode value = entry.get(field);
            if (value == null) {
                throw RefusedException.badRequest(pointer + "/" + field, field + " is missing; null takes it away.");
            }
            Optional<T> word = value.isNull() ? Optional.empty() : text(value, pointer + "/" + field, ofWord);
            if (!value.isNull() && word.isEmpty()) {
                throw RefusedException.badRequest(pointer + "/" + field, "There is no such " + field + ".");
            }
            changes.put(grantee, word);
        }
        return changes;
    }

    private static <T> Optional<T> text(JsonNode node, String pointer, Function<String, Optional<T>> ofWord) {
        if (!node.isString()) {
            throw RefusedException.badRequest(pointer, "This is a text.");
        }
        return ofWord.apply(node.asString());
    }

    private static Grantee grantee(JsonNode entry, String pointer) {
        JsonNode client = entry.get("client");
        JsonNode user = entry.get("user");
        boolean hasClient = client != null && !client.isNull();
        boolean hasUser = user != null && !user.isNull();
        if (!entry.isObject() || hasClient == hasUser) {
            throw RefusedException.badRequest(pointer, "Name exactly one of client and user.");
        }
        return hasClient ? client(client, pointer + "/client") : user(user, pointer + "/user");
    }

    private static Grantee client(JsonNode node, String pointer) {
        String id = node.isString() ? node.asString() : "";
        boolean service = id.startsWith(SERVICE) && Names.isName(id.substring(SERVICE.length()));
        boolean thumbprint = id.length() == THUMBPRINT_CHARS
                && id.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'));
        if (!service && !thumbprint) {
            throw RefusedException.badRequest(
                    pointer, "A client is a device key's thumbprint (43 characters of base64url) or svc.<name>.");
        }
        return new Grantee.Client(new ClientId(id));
    }

    private static Grantee user(JsonNode node, String pointer) {
        JsonNode iss = node.get("iss");
        JsonNode sub = node.get("sub");
        if (!isShortText(iss) || !isShortText(sub)) {
            throw RefusedException.badRequest(pointer, "A user is {\"iss\", \"sub\"}, two texts that are not empty.");
        }
        return new Grantee.User(iss.asString(), sub.asString());
    }

    private static boolean isShortText(JsonNode node) {
        return node != null
                && node.isString()
                && !node.asString().isEmpty()
                && node.asString().length() <= ISSUER_CHARS_MAX;
    }
}

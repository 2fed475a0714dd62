package celeriant.gateway.http;

import celeriant.gateway.access.RefusedException;
import celeriant.model.Limits;
import celeriant.wire.BadBodyException;
import celeriant.wire.JsonTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The members of a small JSON body, each read as what it must be; faults are named by pointer, null counts as absent,
 * and members that nobody asks for are ignored. Immutable.
 */
public final class JsonFields {
    private final Map<?, ?> members;

    private JsonFields(Map<?, ?> members) {
        this.members = members;
    }

    /** Reads a body that is a JSON object; an empty body is an empty one. */
    public static JsonFields read(byte[] body) {
        if (body.length == 0) {
            return new JsonFields(Map.of());
        }
        try {
            if (JsonTree.read(body) instanceof Map<?, ?> members) {
                return new JsonFields(members);
            }
        } catch (BadBodyException e) {
            throw new RefusedException(e.problem());
        }
        throw RefusedException.badRequest("", "The body is a JSON object.");
    }

    /** Whether the member is there, null or not. */
    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** Whether the member is there and not null. */
    public boolean isPresent(String name) {
        return members.get(name) != null;
    }

    public String text(String name) {
        Object value = members.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw RefusedException.badRequest("/" + name, name + " is a string.");
    }

    public OptionalLong integer(String name, long min) {
        Object value = members.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        if (value instanceof Long number && number >= min && number <= Limits.INTEGER_MAX) {
            return OptionalLong.of(number);
        }
        throw RefusedException.badRequest("/" + name, name + " is a whole number from " + min + " to 2^53-1.");
    }

    public boolean bool(String name, boolean otherwise) {
        Object value = members.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean bool) {
            return bool;
        }
        throw RefusedException.badRequest("/" + name, name + " is true or false.");
    }

    /** An array of strings; absent is empty. */
    public List<String> texts(String name) {
        Object value = members.get(name);
        List<String> texts = new ArrayList<>();
        if (value == null) {
            return texts;
        }
        if (!(value instanceof List<?> list)) {
            throw RefusedException.badRequest("/" + name, name + " is an array of strings.");
        }
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String text)) {
                throw RefusedException.badRequest("/" + name + "/" + i, "This is a string.");
            }
            texts.add(text);
        }
        return texts;
    }
}

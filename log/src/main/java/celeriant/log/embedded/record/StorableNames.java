package celeriant.log.embedded.record;

import celeriant.log.AppendRequest;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.Problem;

/**
 * Refuses names and keys that the journal or the index would take for others: a zero byte ends a name in the index, and
 * half a surrogate pair has no UTF-8. A gateway lets neither through; this is for who embeds the log.
 */
final class StorableNames {
    private StorableNames() {}

    /** What is wrong with a request's names; null if nothing is. */
    static Problem fault(AppendRequest request) {
        if (!isName(request.org()) || !isName(request.client().value())) {
            return fault("", "the org or the client");
        }
        for (int i = 0; i < request.appends().size(); i++) {
            Append append = request.appends().get(i);
            AggregateId before = null;
            for (int j = 0; j < append.events().size(); j++) {
                Event event = append.events().get(j);
                if (event.aggregate() != before
                        && !(isName(event.aggregate().type())
                                && isName(event.aggregate().id()))) {
                    return fault(pointer(i, j, "aggregate"), "an aggregate's name");
                }
                if (event.key() != null && !hasUtf8(event.key())) {
                    return fault(pointer(i, j, "key"), "a key");
                }
                before = event.aggregate();
            }
        }
        return null;
    }

    private static String pointer(int append, int event, String field) {
        return "/appends/" + append + "/events/" + event + "/" + field;
    }

    private static Problem fault(String pointer, String what) {
        return Problem.badRequest(pointer, what + " has a zero character or half a surrogate pair");
    }

    private static boolean isName(String name) {
        return name.indexOf('\0') < 0 && hasUtf8(name);
    }

    private static boolean hasUtf8(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean isPair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!isPair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}

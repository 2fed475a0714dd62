package celeriant.gateway.http;

import celeriant.gateway.access.RefusedException;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * A request's path, cut at the slashes that were sent and only then decoded, so that an encoded slash stays inside its
 * segment, where no name's alphabet lets it pass. Dots mean nothing: a segment {@code ..} is no name either.
 */
public final class RequestPath {
    /** More segments than any address has. */
    static final int SEGMENTS_MAX = 8;

    private RequestPath() {}

    /**
     * The decoded segments of {@code raw}, which begins with a slash; {@code /} has none.
     *
     * @throws RefusedException for bad percent-encoding, and {@code not-found} for what no address looks like
     */
    public static List<String> segments(String raw) {
        if (raw == null || !raw.startsWith("/")) {
            throw notFound();
        }
        List<String> segments = new ArrayList<>(SEGMENTS_MAX);
        int from = 1;
        while (from < raw.length()) {
            int slash = raw.indexOf('/', from);
            int to = slash < 0 ? raw.length() : slash;
            if (segments.size() == SEGMENTS_MAX) {
                throw notFound();
            }
            segments.add(decoded(raw.substring(from, to)));
            if (slash == raw.length() - 1) {
                segments.add("");
            }
            from = to + 1;
        }
        return segments;
    }

    private static String decoded(String segment) {
        String text = Percent.decode(segment, false);
        if (text == null) {
            throw new RefusedException(Problem.of(ErrorCode.BAD_REQUEST, "The path is not well percent-encoded UTF-8.")
                    .with("parameter", "path"));
        }
        return text;
    }

    static RefusedException notFound() {
        return RefusedException.of(ErrorCode.NOT_FOUND, "There is nothing at this address.");
    }
}

package celeriant.gateway.http;

/**
 * The latest addresses that led to a route: callers ask for few of them again and again, and then the path need not be
 * taken apart, and its names are strings whose hashes are known. Bounded; what does not fit pushes out what was there.
 * Any thread: entries do not change.
 */
final class RecentRoutes<H> {
    private static final int PLACES = 4_096;
    private static final int PATH_CHARS_MAX = 512;

    private final Place<H>[] places = places();

    private record Place<H>(String method, String path, Router.Match.Found<H> found) {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <H> Place<H>[] places() {
        return new Place[PLACES];
    }

    /** Where it led; null if that is not known here. */
    Router.Match.Found<H> find(String method, String path) {
        Place<H> place = places[index(path)];
        return place != null && place.path().equals(path) && place.method().equals(method) ? place.found() : null;
    }

    void put(String method, String path, Router.Match.Found<H> found) {
        if (path.length() <= PATH_CHARS_MAX) {
            places[index(path)] = new Place<>(method, path, found);
        }
    }

    private static int index(String path) {
        int hash = path.hashCode();
        return (hash ^ hash >>> 16) & PLACES - 1;
    }
}

package celeriant.model;

/**
 * The protocol's limits, in one place (PROTOCOL, "Names and limits"). Refusals name the limit that was passed.
 *
 * @param bodyBytesMax the body of a request
 * @param snapshotBytesMax the body of a snapshot
 * @param requestAppendsMax appends in a request
 * @param appendEventsMax events in an append
 * @param appendBytesMax one append, as JSON
 * @param eventDataBytesMax one event's data, decoded
 * @param keyBytesMax an event's key, in UTF-8
 * @param jsonDepthMax nesting of an event's JSON
 * @param pageEventsDefault events on a page when {@code limit} is left out
 * @param pageEventsMax events on a page at most
 * @param pageBytesMax bytes of JSON after which a page ends early
 * @param filterNamesMax names in one filter; in an address, as many as 64 KiB hold
 * @param presenceBytesMax the data of a presence
 */
public record Limits(
        int bodyBytesMax,
        int snapshotBytesMax,
        int requestAppendsMax,
        int appendEventsMax,
        int appendBytesMax,
        int eventDataBytesMax,
        int keyBytesMax,
        int jsonDepthMax,
        int pageEventsDefault,
        int pageEventsMax,
        int pageBytesMax,
        int filterNamesMax,
        int presenceBytesMax) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** The largest position, version or sequence: 2^53-1, what a JSON number holds exactly everywhere. */
    public static final long INTEGER_MAX = (1L << 53) - 1;

    public static final Limits DEFAULT =
            new Limits(8 * MIB, 8 * MIB, 1_000, 1_000, 4 * MIB, MIB, 512, 128, 100, 10_000, 4 * MIB, 1_000, 4 * KIB);

    public Limits {
        if (appendBytesMax > bodyBytesMax) {
            throw new IllegalArgumentException("appendBytesMax " + appendBytesMax + " is above bodyBytesMax");
        }
        if (eventDataBytesMax > appendBytesMax) {
            throw new IllegalArgumentException("eventDataBytesMax " + eventDataBytesMax + " is above appendBytesMax");
        }
        if (pageEventsDefault < 1 || pageEventsDefault > pageEventsMax) {
            throw new IllegalArgumentException("pageEventsDefault is not in 1.." + pageEventsMax);
        }
    }
}

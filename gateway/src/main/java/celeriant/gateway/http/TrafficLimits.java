package celeriant.gateway.http;

/**
 * What callers may take of a gateway, so that one that misbehaves leaves enough for the others. A backend's API key is
 * the operator's own: it is held to {@code clientRequestsMax} alone.
 *
 * @param connectionsMax connections at once; one more is answered `too-many-requests` and closed
 * @param connectionsPerAddressMax of these from one address; behind a proxy all come from it, and this does not hold
 * @param headSeconds a request's head has come within so many seconds, or it is `too-slow`
 * @param bodyBytesPerSecondMin a body that comes more slowly, over more than `headSeconds`, is `too-slow`
 * @param readerSeconds a reader that takes nothing for so long while bytes wait for it is closed
 * @param unsentBytesMax bytes that wait for readers, all together; when there are more, those that took nothing for
 *     longest are closed
 * @param clientRequestsMax requests of one client that are worked on at once; more are `too-many-requests`
 * @param deviceRequestsPerSecond requests of one device in the long run; more are `too-many-requests`
 * @param deviceRequestsBurst requests that a device may make at once after a pause
 * @param deviceStreamsMax streams and long polls of one device at once; more are `too-many-requests`
 * @param badProofsPerMinute proofs that do not verify, from one address or of one device that has a token; from then on
 *     none of them is looked at until the minute has passed, and the answer comes a second late
 */
public record TrafficLimits(
        int connectionsMax,
        int connectionsPerAddressMax,
        int headSeconds,
        int bodyBytesPerSecondMin,
        int readerSeconds,
        long unsentBytesMax,
        int clientRequestsMax,
        int deviceRequestsPerSecond,
        int deviceRequestsBurst,
        int deviceStreamsMax,
        int badProofsPerMinute) {
    public static final TrafficLimits DEFAULT =
            new TrafficLimits(50_000, 12_000, 15, 1_024, 30, 256L << 20, 1_024, 500, 1_000, 100, 300);

    public TrafficLimits {
        require(connectionsMax, "connectionsMax");
        require(connectionsPerAddressMax, "connectionsPerAddressMax");
        require(headSeconds, "headSeconds");
        require(bodyBytesPerSecondMin, "bodyBytesPerSecondMin");
        require(readerSeconds, "readerSeconds");
        require(unsentBytesMax, "unsentBytesMax");
        require(clientRequestsMax, "clientRequestsMax");
        require(deviceRequestsPerSecond, "deviceRequestsPerSecond");
        require(deviceRequestsBurst, "deviceRequestsBurst");
        require(deviceStreamsMax, "deviceStreamsMax");
        require(badProofsPerMinute, "badProofsPerMinute");
    }

    /** The same for connections that all come from one address, a proxy's. */
    public TrafficLimits withoutAddresses() {
        return new TrafficLimits(
                connectionsMax,
                connectionsMax,
                headSeconds,
                bodyBytesPerSecondMin,
                readerSeconds,
                unsentBytesMax,
                clientRequestsMax,
                deviceRequestsPerSecond,
                deviceRequestsBurst,
                deviceStreamsMax,
                badProofsPerMinute);
    }

    private static void require(long value, String field) {
        if (value < 1) {
            throw new IllegalArgumentException(field + " is " + value + ", which is not 1 or more");
        }
    }
}

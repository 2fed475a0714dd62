package celeriant.client;

/** Limits of the protocol, and times of waiting. */
final class ClientLimits {
    /** One push: few enough that a cut answer repeats little, many enough that 10,000 pending go in ten requests. */
    static final int PUSH_APPENDS_MAX = 1_000;

    static final long PUSH_BYTES_MAX = 2 << 20;

    /** Appends stored in one transaction of the buffer. */
    static final int SAVED_TOGETHER_MAX = 10_000;

    /** A store that broke is asked again after this what it kept. */
    static final long BUFFER_PAUSE_MILLIS = 1_000;

    /** Aggregates in one filter of the stream (PROTOCOL: names in one filter). */
    static final int AGGREGATES_OPEN_MAX = 1_000;

    static final int PAGE_EVENTS = 1_000;

    static final long BACKOFF_FIRST_MILLIS = 250;
    static final long BACKOFF_MAX_MILLIS = 30_000;

    /** The wait begins anew after a session that was live for so long. */
    static final long LIVE_ENOUGH_MILLIS = 5_000;

    /** A gateway that asks for a longer wait is asked again after this. */
    static final long RETRY_AFTER_MAX_MILLIS = 3_600_000;

    /** So often an append is forbidden on its way, by whoever lets the rest through, before it is given up. */
    static final int BLOCKED_TIMES = 16;

    /** A stream's first bytes come at once; when not even they pass, something on the way holds it back. */
    static final long STREAM_FIRST_BYTES_MILLIS = 5_000;

    /** A stream brings at least a heartbeat every 15 s; three missed ones mean that it is dead. */
    static final long STREAM_SILENCE_MILLIS = 45_000;

    /** How long a network that held a stream back is read by long-poll before a stream is tried again. */
    static final long POLL_FALLBACK_MILLIS = 5 * 60_000L;

    static final int POLL_WAIT_SECONDS = 25;

    /** Between two polls that brought nothing. */
    static final long POLL_PAUSE_MILLIS = 1_000;

    /** How long settled appends are kept, to be sent again if the log loses them. */
    static final long KEPT_APPENDS_MILLIS = 30L * 24 * 3_600_000;

    private ClientLimits() {}
}

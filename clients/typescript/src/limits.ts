/** Limits of the protocol, and times of waiting. Times are milliseconds, sizes bytes, unless the name says else. */

/** The protocol's own limits; the client refuses an append beyond them before it is stored. */
export const MAX_EVENTS_PER_APPEND = 1_000;
export const MAX_APPEND_JSON_BYTES = 4 * 1024 * 1024;
export const MAX_EVENT_DATA_BYTES = 1024 * 1024;
export const MAX_KEY_BYTES = 512;

/** One push: few enough that a cut answer repeats little, many enough that 10,000 pending go in ten requests. */
export const MAX_APPENDS_PER_PUSH = 1_000;
export const MAX_PUSH_BYTES = 2 * 1024 * 1024;

/** Aggregates in one filter of the stream. */
export const MAX_AGGREGATES_FOLLOWED = 1_000;
/** A filter that makes the address longer than this goes by a subscription ticket. */
export const MAX_STREAM_URL_LENGTH = 4_000;
export const PAGE_LIMIT = 1_000;

export const BACKOFF_FIRST_MS = 250;
export const BACKOFF_MAX_MS = 30_000;
/** The wait begins anew after a session that was live for so long. */
export const LIVE_ENOUGH_MS = 5_000;
/** A gateway that asks for a longer wait is asked again after this. */
export const RETRY_AFTER_MAX_MS = 3_600_000;

/** So often an append is forbidden on its way, by whoever lets the rest through, before it is given up. */
export const BLOCKED_TIMES = 16;

/** No answer at all to a request: so long, and as long as its body takes on a network as slow as this. */
export const REQUEST_TIMEOUT_MS = 30_000;
export const BODY_BYTES_PER_MS = 16;
/** An answer that began to come is there as a whole by then. */
export const BODY_TIMEOUT_MS = 5 * 60_000;
/** A stream brings at least a heartbeat every 15 s; three missed ones mean that it is dead. */
export const STREAM_SILENCE_MS = 45_000;
/** `caught-up` comes at once; when not even that passes, something on the way is holding the stream back. */
export const STREAM_FIRST_BYTES_MS = 5_000;
/** One message of a stream is shorter: an append as JSON, with what the log adds to each of its events. In letters. */
export const MAX_STREAM_BLOCK_LENGTH = 16 * 1024 * 1024;
/** How long a network that held a stream back is read by long-poll before a stream is tried again. */
export const POLL_FALLBACK_MS = 5 * 60_000;
export const POLL_WAIT_SECONDS = 25;
/** Between two that brought nothing. */
export const POLL_PAUSE_MS = 1_000;

/** A token is renewed when this share of its life is over. */
export const TOKEN_RENEWAL_SHARE = 0.8;

/** How long settled appends are kept, to be sent again if the log loses them. */
export const KEPT_APPENDS_MS = 30 * 24 * 3_600_000;

/** The file buffer is rewritten when it is at least this long and this many times what it would be. */
export const COMPACTION_MIN_BYTES = 1024 * 1024;
export const COMPACTION_FACTOR = 4;
/** How long a newer page waits for an older one to store what it has begun, and to give its database up. */
export const UPGRADE_WAIT_MS = 5_000;
/** One record of the file buffer; a length beyond it is damage. */
export const MAX_RECORD_BYTES = 256 * 1024 * 1024;

/** A tab that is looked at asks the leading one for a sign of life this often, and takes over after so many misses. */
export const LEADER_PING_MS = 3_000;
export const LEADER_PINGS_MISSED = 3;

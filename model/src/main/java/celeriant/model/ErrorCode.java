package celeriant.model;

/**
 * The one table of refusals: the code as the protocol writes it, the HTTP status, whether the same request may succeed
 * later unchanged, a title, and what it means and what to do. The gateway's {@code /problems/<code>} pages, PROTOCOL
 * and the TypeScript union are made from it or checked against it. The numbers stand in stored rejections: never
 * reused.
 */
public enum ErrorCode {
    BAD_REQUEST(
            1,
            "bad-request",
            400,
            false,
            "Bad request",
            "The request is not well formed; the pointer, parameter or header named in the problem says where. Correct"
                    + " it; sending it again unchanged gives the same answer."),
    UNAUTHENTICATED(
            2,
            "unauthenticated",
            401,
            false,
            "Not authenticated",
            "The request carries no credentials, or ones that do not verify. Send a valid token with a fresh proof, or"
                    + " a valid API key. Nothing was kept."),
    TOKEN_EXPIRED(
            3,
            "token-expired",
            401,
            true,
            "Token expired",
            "Fetch a new token at /oauth/token and send the request"
                    + " again. Nothing was kept, nothing was rejected."),
    USE_DPOP_NONCE(
            4,
            "use-dpop-nonce",
            401,
            true,
            "A nonce is needed",
            "Sign a new proof with the nonce from the"
                    + " DPoP-Nonce header of this answer (RFC 9449 section 8) and send the request again."),
    ACCESS_DENIED(
            5,
            "access-denied",
            403,
            false,
            "Access denied",
            "The caller may not do this here. Ask an owner of the"
                    + " aggregate or an admin of the org for the right that is missing."),
    NOT_FOUND(6, "not-found", 404, false, "Not found", "There is nothing at this address that the caller may know of."),
    METHOD_NOT_ALLOWED(
            7,
            "method-not-allowed",
            405,
            false,
            "Method not allowed",
            "The Allow header lists the methods of" + " this address."),
    SEQUENCE_GAP(
            8,
            "sequence-gap",
            409,
            false,
            "Sequence gap",
            "The first sequence is beyond the next one that the log expects from this client (expectedSequence). Send"
                    + " what is missing first. If expectedSequence is below what was confirmed before, the log lost"
                    + " appends: treat it as log-diverged."),
    CLIENT_FORKED(
            9,
            "client-forked",
            409,
            false,
            "Client forked",
            "The log holds another append at this sequence: two writers use one identity (a cloned profile, a restored"
                    + " backup). Take a new identity and append under it what is not settled."),
    LOG_DIVERGED(
            10,
            "log-diverged",
            409,
            false,
            "Log diverged",
            "The position, hash or log id that the client remembers is not in this log: the server was restored from"
                    + " an older state. Read again from the start, and append again what the log lost."),
    SCHEMA_CONFLICT(
            11,
            "schema-conflict",
            409,
            false,
            "Schema conflict",
            "Another schema is registered for this event"
                    + " type and version. Register the changed one under a new version."),
    KEYLESS_EVENTS(
            12,
            "keyless-events",
            409,
            false,
            "Events without a key would be lost",
            "The trim would drop events that no register and no snapshot covers. Publish a snapshot first, or trim"
                    + " with \"force\": true."),
    GONE(
            13,
            "gone",
            410,
            false,
            "Gone",
            "It was here and is no more: events below a trim (read from firstVersion on), a"
                    + " share that is used up or lapsed, or a name that may not be used again."),
    VERSION_CONFLICT(
            14,
            "version-conflict",
            412,
            false,
            "Version conflict",
            "The aggregate is not at the expected"
                    + " version. Read it again, decide again, and append with the actual version."),
    TOO_LARGE(
            15,
            "too-large",
            413,
            false,
            "Too large",
            "A limit was passed; limit and unit say which. Send less at once."),
    UNSUPPORTED_MEDIA_TYPE(
            16,
            "unsupported-media-type",
            415,
            false,
            "Unsupported media type",
            "Send the body in a media" + " type that this address takes; detail names it."),
    SCHEMA_VIOLATION(
            17,
            "schema-violation",
            422,
            false,
            "Schema violation",
            "The event's data does not conform to the"
                    + " schema registered for its type and version; errors says where."),
    TOO_MANY_REQUESTS(
            18,
            "too-many-requests",
            429,
            true,
            "Too many requests",
            "Wait for the time in Retry-After and send" + " the same again. Nothing was done."),
    BUSY(
            19,
            "busy",
            503,
            true,
            "Busy",
            "The server takes no more at the moment. Wait for the time in Retry-After and"
                    + " send the same again. Nothing was done."),
    INTERNAL(
            20,
            "internal",
            500,
            true,
            "Internal error",
            "The server failed in a way that it does not explain. Send"
                    + " the same again with the same ids; if it stays so, tell the operator."),
    OUTCOME_UNKNOWN(
            21,
            "outcome-unknown",
            503,
            true,
            "Outcome unknown",
            "The server cannot tell whether the append was"
                    + " recorded. Send exactly the same again: its sequence or id makes it land once."),
    STORAGE_FAILED(
            22,
            "storage-failed",
            503,
            true,
            "Storage failed",
            "A write or sync of the server's storage failed, or a fault stopped its log, so it takes no more appends;"
                    + " reads go on. An operator must look at its messages and its disk, and restart the server."),
    VOID(
            23,
            "void",
            410,
            false,
            "Given up",
            "The client gave this append up; its sequence is settled and it will never be" + " recorded."),
    STORAGE_FULL(
            24,
            "storage-full",
            507,
            true,
            "Storage full",
            "The server's disk has too little room left, so it takes no appends; reads, trims, deletions"
                    + " and what takes rights away go on."
                    + " Nothing was done. It takes appends again by itself once an operator has made room."),
    TOO_SLOW(
            25,
            "too-slow",
            408,
            true,
            "Too slow",
            "The request came so slowly that the server did not wait for the rest of it. Nothing was done; send the"
                    + " same again when the network is better.");

    private final int number;
    private final String code;
    private final int status;
    private final boolean retryable;
    private final String title;
    private final String meaning;

    ErrorCode(int number, String code, int status, boolean retryable, String title, String meaning) {
        this.number = number;
        this.code = code;
        this.status = status;
        this.retryable = retryable;
        this.title = title;
        this.meaning = meaning;
    }

    /** The number that stands for it in stored records. */
    public int number() {
        return number;
    }

    /** The protocol's word, such as {@code sequence-gap}. */
    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Whether the same request, unchanged, may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    public String title() {
        return title;
    }

    /** What it means and what to do. */
    public String meaning() {
        return meaning;
    }

    /** @throws IllegalArgumentException for a number that no code has */
    public static ErrorCode ofNumber(int number) {
        for (ErrorCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        throw new IllegalArgumentException("no error code has the number " + number);
    }
}

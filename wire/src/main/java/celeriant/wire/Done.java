package celeriant.wire;

import celeriant.model.ErrorCode;

/** What a refusal says about what was done (PROTOCOL, "Errors"). */
public enum Done {
    /** Nothing happened and nothing was kept. */
    NOTHING("nothing"),
    /** It is settled, for good: asking again gives the same answer. */
    SETTLED("settled"),
    /** It may or may not have happened: send the same again. */
    UNKNOWN("unknown");

    private final String word;

    Done(String word) {
        this.word = word;
    }

    /** The protocol's word. */
    public String word() {
        return word;
    }

    /** What holds for a refusal with this code when nothing else is known about it. */
    public static Done of(ErrorCode code) {
        return switch (code) {
            case OUTCOME_UNKNOWN, INTERNAL -> UNKNOWN;
            case VOID -> SETTLED;
            case BAD_REQUEST,
                    UNAUTHENTICATED,
                    TOKEN_EXPIRED,
                    USE_DPOP_NONCE,
                    ACCESS_DENIED,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    SEQUENCE_GAP,
                    CLIENT_FORKED,
                    LOG_DIVERGED,
                    SCHEMA_CONFLICT,
                    KEYLESS_EVENTS,
                    GONE,
                    VERSION_CONFLICT,
                    TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    SCHEMA_VIOLATION,
                    TOO_MANY_REQUESTS,
                    BUSY,
                    STORAGE_FAILED,
                    STORAGE_FULL,
                    TOO_SLOW -> NOTHING;
        };
    }
}

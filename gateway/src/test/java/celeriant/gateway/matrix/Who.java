package celeriant.gateway.matrix;

/** The kinds of caller. */
enum Who {
    NOBODY,
    FORGED_KEY,
    WITHDRAWN_KEY,
    THIEF,
    OTHER_ORGS_KEY,
    KEY_IN_A_PAGE,
    STRANGER,
    MEMBER,
    ORG_ADMIN,
    OWNER,
    CONTRIBUTOR,
    READER,
    PERSON,
    INVITED,
    REVOKED,
    KEY_READ,
    KEY_APPEND,
    KEY_ADMIN;

    /** What everybody of this kind is told wherever a caller must be known; null: it depends. */
    String turnedAway() {
        return switch (this) {
            case NOBODY, FORGED_KEY, WITHDRAWN_KEY, THIEF -> "401 unauthenticated";
            case OTHER_ORGS_KEY -> "404 not-found";
            case KEY_IN_A_PAGE -> "403 access-denied";
            case STRANGER,
                    MEMBER,
                    ORG_ADMIN,
                    OWNER,
                    CONTRIBUTOR,
                    READER,
                    PERSON,
                    INVITED,
                    REVOKED,
                    KEY_READ,
                    KEY_APPEND,
                    KEY_ADMIN -> null;
        };
    }

    boolean isAdmin() {
        return this == ORG_ADMIN || this == KEY_ADMIN;
    }

    /** Whether it may create aggregates; {@code open}: the org takes every proved device. */
    boolean mayCreate(boolean open) {
        return switch (this) {
            case MEMBER, ORG_ADMIN, OWNER, KEY_APPEND, KEY_ADMIN -> true;
            case KEY_READ -> false;
            case NOBODY, FORGED_KEY, WITHDRAWN_KEY, THIEF, OTHER_ORGS_KEY, KEY_IN_A_PAGE -> false;
            case STRANGER, CONTRIBUTOR, READER, PERSON, INVITED, REVOKED -> open;
        };
    }
}

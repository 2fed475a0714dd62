package celeriant.gateway.matrix;

import celeriant.gateway.access.Level;

/** The aggregates of the matrix, by what they are to most callers. */
enum Place {
    /** Its owner granted, shared and revoked on it; nobody else may know of it. */
    PRIVATE("canvas/private"),
    /** Every authenticated client reads it. */
    PUBLIC("canvas/public"),
    /** Every authenticated client appends to it. */
    COMMONS("canvas/commons"),
    /** Was its owner's alone, and was deleted. */
    DELETED("canvas/deleted"),
    /** Never existed. */
    MISSING("canvas/missing"),
    /** The access of {@link #PRIVATE}. */
    SYSTEM("$access.canvas/private");

    private final String aggregate;

    Place(String aggregate) {
        this.aggregate = aggregate;
    }

    String aggregate() {
        return aggregate;
    }

    boolean exists() {
        return this == PRIVATE || this == PUBLIC || this == COMMONS;
    }

    /** The level that PROTOCOL's table gives {@code who} here; null for none. Of {@link #SYSTEM}: whether it reads. */
    Level of(Who who) {
        return switch (who) {
            case ORG_ADMIN, KEY_ADMIN -> Level.OWNER;
            case KEY_APPEND -> this == SYSTEM ? null : Level.CONTRIBUTOR;
            case KEY_READ -> this == SYSTEM ? null : Level.READER;
            case OWNER -> this == MISSING ? null : Level.OWNER;
            case REVOKED -> null;
            case CONTRIBUTOR, PERSON -> this == PRIVATE ? Level.CONTRIBUTOR : everybodys();
            case READER, INVITED -> this == PRIVATE ? Level.READER : everybodys();
            case STRANGER, MEMBER -> everybodys();
            case NOBODY, FORGED_KEY, WITHDRAWN_KEY, THIEF, OTHER_ORGS_KEY, KEY_IN_A_PAGE -> null;
        };
    }

    private Level everybodys() {
        return switch (this) {
            case PUBLIC -> Level.READER;
            case COMMONS -> Level.CONTRIBUTOR;
            case PRIVATE, DELETED, MISSING, SYSTEM -> null;
        };
    }
}

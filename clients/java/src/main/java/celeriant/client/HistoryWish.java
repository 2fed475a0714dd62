package celeriant.client;

import celeriant.client.buffer.History;

/** Which events of an aggregate somebody wants to have here; each wish includes those before it. */
enum HistoryWish {
    /** None: registers will do. */
    NONE,
    /** Those behind the latest snapshot; all, if there is none. */
    TAIL,
    /** All that there are. */
    ALL;

    /** Whether what is kept is enough. */
    boolean isMetBy(History kept) {
        return switch (this) {
            case NONE -> true;
            case TAIL -> kept.isKept();
            case ALL -> kept.isKept() && !kept.tail();
        };
    }

    HistoryWish and(HistoryWish other) {
        return compareTo(other) >= 0 ? this : other;
    }
}

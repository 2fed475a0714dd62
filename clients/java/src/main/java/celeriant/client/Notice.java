package celeriant.client;

import celeriant.model.AggregateId;

/** Something happened that a user may want to know. */
public sealed interface Notice {
    /** Two writers used one identity; this one took a new one and appends under it what was not settled. */
    record ForkHealed(String before, String now, int resent) implements Notice {}

    /** The log is another one, or lost its end; this client's lost appends are being sent again. */
    record LogDiverged(int resent) implements Notice {}

    /** A confirmed event cannot be shown, or broke a projection: it is passed over, and the rest goes on. */
    record SetAside(AggregateId aggregate, long version, String reason) implements Notice {}

    /** The client may see the aggregate now. */
    record Granted(AggregateId aggregate) implements Notice {}

    /** The client may not see the aggregate any more: its confirmed state was dropped; what is pending stays. */
    record Revoked(AggregateId aggregate) implements Notice {}
}

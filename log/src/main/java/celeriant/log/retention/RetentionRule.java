package celeriant.log.retention;

import java.time.Duration;
import java.util.Objects;

/**
 * How much history the aggregates of one type keep. What is older than {@code ageMax}, or more than {@code eventsMax}
 * back, is trimmed at the next sweep; registers survive, as with every trim.
 *
 * @param type the aggregate type; not the system's
 * @param ageMax null = whatever the age
 * @param eventsMax 0 = however many
 * @param dropsKeyless whether events without a key that no snapshot covers are trimmed, too; else they stay, and
 *     everything behind the first of them
 */
public record RetentionRule(String type, Duration ageMax, long eventsMax, boolean dropsKeyless) {
    /** A tenth more than {@link #eventsMax} may gather before it is trimmed: each trim is an event itself. */
    private static final long SLACK_PARTS = 10;

    public RetentionRule {
        Objects.requireNonNull(type, "type");
        if (type.startsWith("$")) {
            throw new IllegalArgumentException("type " + type + " is the system's: its history stays");
        }
        if (ageMax != null && (ageMax.isNegative() || ageMax.isZero())) {
            throw new IllegalArgumentException("ageMax is above zero, not " + ageMax);
        }
        if (eventsMax < 0) {
            throw new IllegalArgumentException("eventsMax is 1 or more (0: no limit), not " + eventsMax);
        }
        if (ageMax == null && eventsMax == 0) {
            throw new IllegalArgumentException("a retention rule has ageMax or eventsMax or both");
        }
    }

    /** Whether so many events are too many. */
    boolean isTooMany(long count) {
        return eventsMax > 0 && count > eventsMax + Math.max(1, eventsMax / SLACK_PARTS);
    }
}

package celeriant.gateway.net;

import celeriant.gateway.http.TrafficLimits;

/**
 * Whether a caller brings what it owes: a head within its time, and bodies at the least pace, each of them, whichever
 * of several comes first. Confined to the event loop.
 */
final class Pace {
    private final TrafficLimits limits;
    private int owingSeconds;
    private long needed;
    private long heard;

    Pace(TrafficLimits limits) {
        this.limits = limits;
    }

    void heard(int bytes) {
        heard += bytes;
    }

    /** What is owed from now on is something else. */
    void anew() {
        owingSeconds = 0;
        needed = 0;
        heard = 0;
    }

    /** Once a second; returns why the caller is too slow, null if it is not. */
    String tick(boolean owesHead, int owedBodies) {
        if (!owesHead && owedBodies == 0) {
            anew();
            return null;
        }
        owingSeconds++;
        needed += (long) limits.bodyBytesPerSecondMin() * owedBodies;
        if (owingSeconds < limits.headSeconds()) {
            return null;
        }
        if (owedBodies > 0) {
            return heard < needed
                    ? "A body comes at " + limits.bodyBytesPerSecondMin() + " bytes per second or more."
                    : null;
        }
        return "A request's head comes within " + limits.headSeconds() + " seconds.";
    }
}

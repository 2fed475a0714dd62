package celeriant.gateway.net;

import celeriant.gateway.http.TrafficLimits;

/**
 * Whether a caller brings what it owes: a head within its time, and bodies at the least pace, each of them, whichever
 * of several comes first. Confined to the event loop.
 */
final class Pace {
    private final TrafficLimits limits;
    private int headSeconds;
    private int bodySeconds;
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
        headEnded();
        bodiesEnded();
    }

    /** A head that is owed from now on is another one. */
    void headEnded() {
        headSeconds = 0;
    }

    private void bodiesEnded() {
        bodySeconds = 0;
        needed = 0;
        heard = 0;
    }

    /** Once a second; returns why the caller is too slow, null if it is not. */
    String tick(boolean owesHead, int owedBodies) {
        headSeconds = owesHead ? headSeconds + 1 : 0;
        if (owedBodies == 0) {
            bodiesEnded();
        } else {
            bodySeconds++;
            needed += (long) limits.bodyBytesPerSecondMin() * owedBodies;
        }
        if (bodySeconds >= limits.headSeconds() && heard < needed) {
            return "A body comes at " + limits.bodyBytesPerSecondMin() + " bytes per second or more.";
        }
        if (owedBodies > 0 || headSeconds < limits.headSeconds()) {
            return null;
        }
        return "A request's head comes within " + limits.headSeconds() + " seconds.";
    }
}

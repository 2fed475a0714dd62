package celeriant.client;

import celeriant.client.gateway.RefusedException;

/** What the parts of a session tell the loop. Confined to the client's thread. */
interface Session {
    /** Something happened that the sync machine wants to know. */
    void tell(SyncEvent event);

    /** The session failed; null: the gateway ended it in order. */
    void failed(Throwable failure);

    /** The log takes nothing for now, maybe for hours, and is read all the while: pushing alone waits. */
    void pushingWaits(RefusedException why);

    /** What is pushed is taken. */
    void pushingGoesOn();

    void notice(Notice notice);

    /** This client becomes another one, with other rights. */
    void identityChanges();

    /** The log is another one, or lost its end: what was read of it is not trusted any more. */
    void logDiverged();

    /** A position of the log that this client heard of. */
    void heardOf(long position);
}

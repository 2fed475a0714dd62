package celeriant.client;

/** What the parts of a session tell the loop. Confined to the client's thread. */
interface Session {
    /** Something happened that the sync machine wants to know. */
    void tell(SyncEvent event);

    /** The session failed; null: the gateway ended it in order. */
    void failed(Throwable failure);

    void notice(Notice notice);

    /** This client becomes another one, with other rights. */
    void identityChanges();

    /** The log is another one, or lost its end: what was read of it is not trusted any more. */
    void logDiverged();

    /** A position of the log that this client heard of. */
    void heardOf(long position);
}

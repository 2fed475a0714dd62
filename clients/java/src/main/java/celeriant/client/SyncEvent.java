package celeriant.client;

/** What happens to a client, as far as its {@link SyncState} is concerned. */
public enum SyncEvent {
    /** The application wants to be online. */
    GO_ONLINE("go-online"),
    /** The application wants to be offline. */
    GO_OFFLINE("go-offline"),
    /** An answer of the gateway came in this session. */
    CONNECTED("connected"),
    /** Everything that is open was read up to the head of the log. */
    CAUGHT_UP("caught-up"),
    /** Something was opened that must be read first. */
    BEHIND("behind"),
    /** No answer, half of one, somebody else's, or a refusal that passes. */
    CONNECTION_LOST("connection-lost"),
    /** The wait after a failed session is over. */
    RETRY_DUE("retry-due"),
    /** The device says that its network is back. */
    NETWORK_BACK("network-back"),
    /** The gateway does not let this identity in. */
    AUTH_REFUSED("auth-refused"),
    /** The application did something about it. */
    AUTHORIZED("authorized"),
    /** The gateway does not speak with a client of this version. */
    VERSION_REFUSED("version-refused"),
    /** The application closes the client. */
    CLOSE("close");

    private final String word;

    SyncEvent(String word) {
        this.word = word;
    }

    /** The word in {@code conformance/client/sync-state.json}. */
    public String word() {
        return word;
    }
}

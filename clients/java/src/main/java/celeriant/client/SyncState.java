package celeriant.client;

/**
 * The sync machine: a pure function over states and events, total by construction. The same table, as data, is
 * {@code conformance/client/sync-state.json}, against which every client's machine is checked. Immutable: any thread.
 */
public enum SyncState {
    /** The application wants no network; appends wait in the buffer. */
    OFFLINE("offline", Activity.REST),
    /** A session was started and no answer has come yet. */
    CONNECTING("connecting", Activity.SESSION),
    /** The gateway answers; what is open is not read up to the head of the log yet. */
    CATCHING_UP("catching-up", Activity.SESSION),
    /** Everything that is open is read up to the head, and what is new comes by itself. */
    LIVE("live", Activity.SESSION),
    /** The last session failed; the next one begins after a wait. */
    BACKING_OFF("backing-off", Activity.WAIT),
    /** The gateway does not let this identity in; nothing is lost, and nothing is tried until something changes. */
    NEEDS_AUTH("needs-auth", Activity.REST),
    /** The gateway does not speak with a client of this version; only a newer client goes on. */
    UPGRADE_REQUIRED("upgrade-required", Activity.REST),
    /** The application closed the client. */
    CLOSED("closed", Activity.REST);

    /** What goes on in a state: a session with the gateway, a wait that ends by itself, or nothing. */
    public enum Activity {
        SESSION,
        WAIT,
        REST
    }

    private final String word;
    private final Activity activity;

    SyncState(String word, Activity activity) {
        this.word = word;
        this.activity = activity;
    }

    /** The word in {@code conformance/client/sync-state.json}. */
    public String word() {
        return word;
    }

    /** What goes on in it. */
    public Activity activity() {
        return activity;
    }

    /** The state after {@code event}. */
    public SyncState on(SyncEvent event) {
        if (event == SyncEvent.CLOSE) {
            return CLOSED;
        }
        return switch (this) {
            case OFFLINE -> event == SyncEvent.GO_ONLINE ? CONNECTING : this;
            case CONNECTING, CATCHING_UP, LIVE -> inSession(event);
            case BACKING_OFF ->
                switch (event) {
                    case GO_OFFLINE -> OFFLINE;
                    case GO_ONLINE, RETRY_DUE, NETWORK_BACK, AUTHORIZED -> CONNECTING;
                    case CONNECTED, CAUGHT_UP, BEHIND, CONNECTION_LOST, AUTH_REFUSED, VERSION_REFUSED, CLOSE -> this;
                };
            case NEEDS_AUTH ->
                switch (event) {
                    case GO_OFFLINE -> OFFLINE;
                    case GO_ONLINE, AUTHORIZED -> CONNECTING;
                    case CONNECTED,
                            CAUGHT_UP,
                            BEHIND,
                            CONNECTION_LOST,
                            RETRY_DUE,
                            NETWORK_BACK,
                            AUTH_REFUSED,
                            VERSION_REFUSED,
                            CLOSE -> this;
                };
            case UPGRADE_REQUIRED, CLOSED -> this;
        };
    }

    private SyncState inSession(SyncEvent event) {
        return switch (event) {
            case GO_OFFLINE -> OFFLINE;
            case CONNECTED -> this == CONNECTING ? CATCHING_UP : this;
            case CAUGHT_UP -> LIVE;
            case BEHIND -> this == LIVE ? CATCHING_UP : this;
            case CONNECTION_LOST -> BACKING_OFF;
            case AUTH_REFUSED -> NEEDS_AUTH;
            case VERSION_REFUSED -> UPGRADE_REQUIRED;
            case GO_ONLINE, RETRY_DUE, NETWORK_BACK, AUTHORIZED, CLOSE -> this;
        };
    }
}

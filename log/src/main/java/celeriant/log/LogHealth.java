package celeriant.log;

/**
 * @param takesAppends whether appends are taken
 * @param needsRestart whether only a restart heals it
 * @param reason why not; "" when they are
 */
public record LogHealth(boolean takesAppends, boolean needsRestart, String reason) {
    public static final LogHealth GOOD = new LogHealth(true, false, "");

    /** No appends, until it is opened again. */
    public static LogHealth failed(String reason) {
        return new LogHealth(false, true, reason);
    }

    /** No appends for now. */
    public static LogHealth refusing(String reason) {
        return new LogHealth(false, false, reason);
    }
}

package celeriant.log;

/**
 * @param takesAppends whether appends are taken
 * @param reason why not; "" when they are
 */
public record LogHealth(boolean takesAppends, String reason) {
    public static final LogHealth GOOD = new LogHealth(true, "");
}

package celeriant.app.settings;

/**
 * How the process tells what happens, on standard error.
 *
 * @param format {@code text} for people, or {@code json}: one object a line
 * @param level {@code error} (a person must look), {@code info} (a change of state worth reading once) or {@code debug}
 */
public record LoggingConfig(Format format, Level level) {
    public static final LoggingConfig DEFAULT = new LoggingConfig(Format.TEXT, Level.INFO);

    public enum Format {
        TEXT,
        JSON
    }

    public enum Level {
        ERROR,
        INFO,
        DEBUG
    }
}

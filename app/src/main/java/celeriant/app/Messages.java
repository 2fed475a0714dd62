package celeriant.app;

import celeriant.app.settings.LoggingConfig;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import org.slf4j.LoggerFactory;

/** Sets up what the process says on standard error; before it is called, {@link MessagesFromStart}. */
final class Messages {
    private static final String OURS = "celeriant";
    private static final String APPENDER = "stderr";

    private Messages() {}

    /** Only our own messages come in more detail: a library's may show what callers sent. */
    static void as(LoggingConfig config) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Level level = switch (config.level()) {
            case ERROR -> Level.ERROR;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
        };
        context.getLogger(OURS).setLevel(level);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level == Level.ERROR ? Level.ERROR : Level.INFO);
        if (config.format() == LoggingConfig.Format.JSON) {
            JsonLines lines = new JsonLines();
            lines.setContext(context);
            lines.start();
            write(lines, root);
        }
    }

    /** Messages are written on standard error as these lines, in place of those before. */
    static void write(Encoder<ILoggingEvent> lines, Logger root) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(root.getLoggerContext());
        appender.setName(APPENDER);
        appender.setTarget(ConsoleTarget.SystemErr.getName());
        appender.setEncoder(lines);
        appender.start();
        root.detachAppender(APPENDER);
        root.addAppender(appender);
    }
}

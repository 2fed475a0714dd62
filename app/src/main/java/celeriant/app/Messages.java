package celeriant.app;

import celeriant.app.settings.LoggingConfig;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/** Sets up what the process says on standard error; before it is called, text from INFO on. */
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
            writeJson(context, root);
        }
    }

    private static void writeJson(LoggerContext context, Logger root) {
        JsonLines lines = new JsonLines();
        lines.setContext(context);
        lines.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName(APPENDER);
        appender.setTarget("System.err");
        appender.setEncoder(lines);
        appender.start();
        root.detachAppender(APPENDER);
        root.addAppender(appender);
    }
}

package celeriant.client;

import celeriant.model.AggregateId;

/** The log is not the one that was read before: what was handed out of an aggregate's events may not be in it. */
public final class LogDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogDivergedException(AggregateId aggregate) {
        super(aggregate + ": the log is another one, or lost its end; read the events again from the beginning");
    }
}

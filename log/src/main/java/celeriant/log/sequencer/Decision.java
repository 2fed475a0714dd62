package celeriant.log.sequencer;

import java.util.List;

/**
 * What the {@link Sequencer} decided on one request: the records to make durable, in order, and what to answer once
 * they and all records decided before them are (a duplicate may only be answered once its original is durable).
 *
 * @param records none for an answer that changes nothing
 * @param answer null if {@code failure} is not
 * @param failure completes the request exceptionally; records decided before it still count
 */
public record Decision<T>(List<LogRecord> records, T answer, RuntimeException failure) {
    public Decision {
        records = List.copyOf(records);
        if ((answer == null) == (failure == null)) {
            throw new IllegalArgumentException("a decision has an answer or a failure");
        }
    }

    static <T> Decision<T> answer(T answer) {
        return new Decision<>(List.of(), answer, null);
    }

    static <T> Decision<T> record(LogRecord record, T answer) {
        return new Decision<>(List.of(record), answer, null);
    }
}

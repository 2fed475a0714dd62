package celeriant.app;

import celeriant.log.EventLog;
import celeriant.log.retention.Retention;
import celeriant.log.retention.RetentionRule;
import celeriant.log.retention.RetentionRunner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * What a gateway's log keeps, and how often it looks.
 *
 * @param rules none: everything stays
 */
record RetentionPlan(List<RetentionRule> rules, Duration pause) {
    RetentionPlan {
        rules = List.copyOf(rules);
    }

    /** Sweeps from now on; what is returned is closed before the log. */
    Sweeping start(EventLog log) {
        if (rules.isEmpty()) {
            return () -> {};
        }
        return RetentionRunner.start(new Retention(log, rules, InstantSource.system()), pause)::close;
    }

    /** Sweeps that go on. */
    interface Sweeping extends AutoCloseable {
        @Override
        void close();
    }
}

package celeriant.log.embedded.subscriptions;

import celeriant.log.EventLog;
import celeriant.log.LogHead;
import celeriant.log.embedded.commit.GroupCommit;
import celeriant.log.sequencer.AppendRecord;
import celeriant.log.sequencer.LogRecord;
import celeriant.log.sequencer.LogView;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells tails and waiting subscriptions of appends that became durable. Told by the writer thread; followed and waited
 * on by any.
 */
public final class Announcer implements GroupCommit.Announcements {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final BiFunction<String, LogView, LogHead> heads;
    private final List<EventLog.Tail> tails = new CopyOnWriteArrayList<>();
    private final Map<String, OrgSignal> signals = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param heads an org's head as it is told */
    public Announcer(BiFunction<String, LogView, LogHead> heads) {
        this.heads = heads;
    }

    public EventLog.Registration follow(EventLog.Tail tail) {
        tails.add(tail);
        return () -> tails.remove(tail);
    }

    /** What rises with each append of an org; given back with {@link #release}. */
    OrgSignal acquire(String org) {
        OrgSignal acquired = signals.compute(org, (name, known) -> {
            OrgSignal signal = known == null ? new OrgSignal() : known;
            signal.users++;
            return signal;
        });
        if (closed) {
            acquired.close();
        }
        return acquired;
    }

    void release(String org) {
        signals.computeIfPresent(org, (name, signal) -> --signal.users == 0 ? null : signal);
    }

    @Override
    public void announce(List<LogRecord> records, LogView durable) {
        if (tails.isEmpty() && signals.isEmpty()) {
            return;
        }
        Map<String, List<RecordedEvent>> byOrg = new LinkedHashMap<>();
        for (LogRecord record : records) {
            if (record instanceof AppendRecord append) {
                byOrg.computeIfAbsent(append.org(), org -> new ArrayList<>()).addAll(append.events());
            }
        }
        byOrg.forEach((org, events) -> {
            tell(org, events, durable);
            OrgSignal signal = signals.get(org);
            if (signal != null) {
                signal.raise();
            }
        });
    }

    private void tell(String org, List<RecordedEvent> events, LogView durable) {
        if (tails.isEmpty()) {
            return;
        }
        LogHead head = heads.apply(org, durable);
        for (EventLog.Tail tail : tails) {
            try {
                tail.appended(org, events, head);
            } catch (RuntimeException | Error e) {
                LOG.error("a tail of the log failed, the log goes on", e);
            }
        }
    }

    /** Wakes all who wait: the log closes. */
    public void close() {
        closed = true;
        signals.values().forEach(OrgSignal::close);
    }
}

package celeriant.wire;

import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.List;

/** Writes pages of events and the messages of a subscription. Stateless: any thread. */
public final class PageWriter {
    private PageWriter() {}

    /**
     * Where in a page of the merged log the reader's own rights change.
     *
     * @param level {@code reader}, {@code contributor}, {@code owner}, or null when the right is gone
     */
    public record RightChange(AggregateId aggregate, String level, long position) {}

    /** An array of recorded events: what a page and a subscription's message hold. */
    public static void writeEvents(List<RecordedEvent> events, JsonBytes out) {
        out.raw('[');
        for (int i = 0; i < events.size(); i++) {
            if (i > 0) {
                out.raw(',');
            }
            EventWriter.write(events.get(i), out);
        }
        out.raw(']');
    }

    /**
     * A page of one aggregate's events.
     *
     * @param next what to pass as {@code after} for the next page; null on the last
     */
    public static void writeAggregate(
            List<RecordedEvent> events, Long next, long version, long firstVersion, JsonBytes out) {
        writeBeginning(events, next, out);
        out.name("version").number(version);
        out.name("firstVersion").number(firstVersion).raw('}');
    }

    /**
     * A page of the merged log.
     *
     * @param next what to pass as {@code after} for the next page; null on the last
     * @param position of the org's head
     * @param log the log's id
     * @param hash of the chain at {@code next}, or at {@code position} when there is none
     * @param rights left out of the answer when empty
     */
    public static void writeMerged(
            List<RecordedEvent> events,
            Long next,
            long position,
            String log,
            String hash,
            List<RightChange> rights,
            JsonBytes out) {
        writeBeginning(events, next, out);
        if (!rights.isEmpty()) {
            writeRights(rights, out.name("rights"));
        }
        out.name("position").number(position);
        out.name("log").string(log);
        out.name("hash").string(hash).raw('}');
    }

    private static void writeBeginning(List<RecordedEvent> events, Long next, JsonBytes out) {
        writeEvents(events, out.raw('{').name("events"));
        out.name("next");
        if (next == null) {
            out.nullValue();
        } else {
            out.number(next);
        }
    }

    /** Where rights change, as an array. */
    public static void writeRights(List<RightChange> rights, JsonBytes out) {
        out.raw('[');
        for (RightChange change : rights) {
            out.element().raw('{').name("aggregate").string(change.aggregate().toString());
            out.name("level").string(change.level());
            out.name("position").number(change.position()).raw('}');
        }
        out.raw(']');
    }
}

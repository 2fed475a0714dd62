package celeriant.wire;

import celeriant.model.RecordedEvent;
import celeriant.wire.PageWriter.RightChange;
import java.util.ArrayList;
import java.util.List;

/** Reads pages of events as {@link PageWriter} writes them. Stateless: any thread. */
public final class PageReader {
    private PageReader() {}

    /**
     * A page of an aggregate's events or of the merged log.
     *
     * @param next what to pass as {@code after} for the next page; null on the last
     * @param version of an aggregate's page, else 0
     * @param firstVersion of an aggregate's page, else 0
     * @param position of the org's head, of a page of the merged log; else 0
     * @param log the log's id, or null
     * @param hash what the log looked like, or null
     * @param rights where in the page the reader's own rights change
     */
    public record Page(
            List<RecordedEvent> events,
            Long next,
            long version,
            long firstVersion,
            long position,
            String log,
            String hash,
            List<RightChange> rights) {}

    public static Page read(byte[] bytes) throws BadBodyException {
        JsonReader in = new JsonReader(bytes, 0, bytes.length);
        List<RecordedEvent> events = null;
        Long next = null;
        long version = 0;
        long firstVersion = 0;
        long position = 0;
        String log = null;
        String hash = null;
        List<RightChange> rights = List.of();
        in.beginObject();
        while (in.nextMember()) {
            String name = in.name();
            if (in.skipNull()) {
                continue;
            }
            switch (name) {
                case "events" -> events = new RecordedReader(in, bytes).readEvents();
                case "next" -> next = in.integer();
                case "version" -> version = in.integer();
                case "firstVersion" -> firstVersion = in.integer();
                case "position" -> position = in.integer();
                case "log" -> log = in.string();
                case "hash" -> hash = in.string();
                case "rights" -> rights = readRights(in);
                default -> in.skipValue();
            }
        }
        in.finish();
        RecordedReader.require(events != null, "a page without events");
        return new Page(events, next, version, firstVersion, position, log, hash, rights);
    }

    private static List<RightChange> readRights(JsonReader in) throws BadBodyException {
        List<RightChange> rights = new ArrayList<>();
        in.beginArray();
        while (in.nextElement()) {
            String aggregate = "";
            String level = null;
            long position = 0;
            in.beginObject();
            while (in.nextMember()) {
                switch (in.name()) {
                    case "aggregate" -> aggregate = in.string();
                    case "level" -> level = in.skipNull() ? null : in.string();
                    case "position" -> position = in.integer();
                    default -> in.skipValue();
                }
            }
            rights.add(new RightChange(RecordedReader.aggregate(aggregate), level, position));
        }
        return rights;
    }
}

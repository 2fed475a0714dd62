package celeriant.log.embedded.index;

import celeriant.log.embedded.record.RecordBytes;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the latest durable records did to the index, in memory: the writer thread pays for maps, and the store is
 * written behind its back, many records at a time. Changed by the writer thread, read by any; frozen once it is being
 * written.
 */
final class Recent {
    /** It takes so much more of the heap than a register does. */
    static final int ENTRIES_OF_AGGREGATE = 4;

    /**
     * Of a record whose aggregates and registers are here already. It takes little of the heap, but the store writes as
     * much for it as for others, in one go: while it does so for a core that others wait for, they wait.
     */
    static final int ENTRIES_OF_RECORD = 8;

    private final Map<String, RecentOrg> orgs = new ConcurrentHashMap<>();
    private int records;
    private int entries;
    private long end;
    private long lastPlace;
    private long lastIdentity;
    private String lastAppendOrg = "";

    Map<String, RecentOrg> orgs() {
        return orgs;
    }

    /** Null if nothing of it is here. */
    RecentOrg org(String org) {
        return orgs.get(org);
    }

    int records() {
        return records;
    }

    /** How much is here, see {@link #count}. */
    int entries() {
        return entries;
    }

    /** The place behind the last record that is here; 0 if none is. */
    long end() {
        return end;
    }

    /** The place of the last record that is here. */
    long lastPlace() {
        return lastPlace;
    }

    /** Its {@link RecordBytes#identity}. */
    long lastIdentity() {
        return lastIdentity;
    }

    /**
     * Notes that a record was applied, after everything of it was.
     *
     * @param aggregates that it touched and no record here before it did
     * @param registers the same
     */
    void count(RecordBytes record, int aggregates, int registers) {
        records++;
        int met = aggregates * ENTRIES_OF_AGGREGATE + registers;
        entries += met == 0 ? ENTRIES_OF_RECORD : met;
        lastPlace = record.place();
        lastIdentity = record.identity();
        end = record.end();
    }

    /** Whether the last append was this org's, too; the next one will be asked about this one. */
    boolean continuesOrg(String org) {
        boolean continues = org.equals(lastAppendOrg);
        lastAppendOrg = org;
        return continues;
    }
}

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
    private final Map<String, RecentOrg> orgs = new ConcurrentHashMap<>();
    private int records;
    private int entries;
    private long end;
    private long lastPlace;
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

    /** How much is here: aggregates and registers, or one for a record that added none. */
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

    /** Notes that a record was applied, after everything of it was. @param added aggregates and registers */
    void count(RecordBytes record, int added) {
        records++;
        entries += Math.max(1, added);
        lastPlace = record.place();
        end = record.end();
    }

    /** Whether the last append was this org's, too; the next one will be asked about this one. */
    boolean continuesOrg(String org) {
        boolean continues = org.equals(lastAppendOrg);
        lastAppendOrg = org;
        return continues;
    }
}

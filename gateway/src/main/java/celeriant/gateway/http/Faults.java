package celeriant.gateway.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Surprises: the operator reads them in the log, the caller only that there was one. Any thread. */
public final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger("celeriant.gateway");

    private Faults() {}

    /** Something failed that never should; a person must look. */
    public static void report(String where, Throwable fault) {
        LOG.error("{} failed", where, fault);
    }
}

package celeriant.gateway.http;

import celeriant.gateway.access.Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells at DEBUG what was answered to whom: method, path, status and client, and nothing that a caller could keep
 * secret. Any thread.
 */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("celeriant.gateway.requests");

    /** What stands behind it opens a stream to whoever has it. */
    private static final String TICKETS = "/subscriptions/";

    private RequestLog() {}

    static void answered(RequestHead request, Principal principal, int status) {
        if (LOG.isDebugEnabled()) {
            LOG.atDebug()
                    .addKeyValue("method", request.method())
                    .addKeyValue("path", StandingHeaders.loggable(withoutTicket(request.path())))
                    .addKeyValue("status", status)
                    .addKeyValue(
                            "client",
                            principal == null ? "" : principal.client().value())
                    .log("answered");
        }
    }

    private static String withoutTicket(String path) {
        int from = path.indexOf(TICKETS);
        return from < 0 ? path : path.substring(0, from + TICKETS.length()) + "…";
    }
}

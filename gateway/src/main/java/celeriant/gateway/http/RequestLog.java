package celeriant.gateway.http;

import celeriant.gateway.access.Principal;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells at DEBUG what was answered to whom: method, path, status and client, and nothing that a caller could keep
 * secret. Any thread.
 */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger("celeriant.gateway.requests");

    /** What stands in a path and opens a stream to whoever has it. */
    private static final String TICKET = "ticket";

    private RequestLog() {}

    /** {@code names} are the route's, in the path. */
    static void answered(RequestHead request, Map<String, String> names, Principal principal, int status) {
        if (LOG.isDebugEnabled()) {
            String ticket = names.get(TICKET);
            String path = ticket == null ? request.path() : request.path().replace(ticket, "…");
            LOG.atDebug()
                    .addKeyValue("method", request.method())
                    .addKeyValue("path", StandingHeaders.loggable(path))
                    .addKeyValue("status", status)
                    .addKeyValue("client", principal == null ? "" : principal.client().value())
                    .log("answered");
        }
    }
}

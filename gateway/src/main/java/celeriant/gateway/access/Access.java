package celeriant.gateway.access;

import celeriant.log.EventLog;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The parts of access over one log, put together. */
public record Access(AccessService service, Shares shares) {
    /**
     * @param policies each org's policy by its name
     * @param random gives as many random bytes as it is asked for, unguessable
     */
    public static Access over(
            EventLog log, Function<String, OrgPolicy> policies, SystemAppender appender, IntFunction<byte[]> random) {
        AccessService service = new AccessService(log, policies, appender);
        return new Access(service, new Shares(log, service, appender, random));
    }
}

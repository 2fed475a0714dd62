package celeriant.gateway.stream;

import celeriant.gateway.access.Principal;
import celeriant.gateway.http.Callers;
import celeriant.gateway.presence.Presences;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * What stays open, and how it is opened.
 *
 * @param streams one for each event loop, in their order
 * @param isLive whether a caller that was let into an org may still come; an API key may have been withdrawn
 */
public record Live(
        Feeds feeds,
        List<LoopStreams> streams,
        Tickets tickets,
        Presences presences,
        BiPredicate<String, Principal> isLive,
        Callers callers,
        InstantSource clock) {
    public Live {
        streams = List.copyOf(streams);
    }
}

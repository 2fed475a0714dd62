package celeriant.log;

import celeriant.model.After;
import celeriant.model.Append;
import celeriant.model.ClientId;
import celeriant.model.Event;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * One client's appends to one org, to be settled in order. All have a sequence, rising by 1, or none has.
 *
 * @param after the append that the client believes to be before the first; null when it says that there is none, when
 *     it does not say (the short form: only the sequence counts), and when the appends have no sequence
 * @param caller on whose behalf; handed to {@link Admission}, the log does not look into it
 * @param idsAreNew whether the appends' ids were made for this request, by who hands it in, and nobody will send them
 *     again: then no append without a sequence can be in the log already, it is not looked for, and not remembered
 */
public record AppendRequest(
        String org, ClientId client, After after, List<Append> appends, Caller caller, boolean idsAreNew) {
    public AppendRequest {
        Objects.requireNonNull(org, "org");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(caller, "caller");
        appends = List.copyOf(appends);
        boolean sequenced = !appends.isEmpty() && appends.get(0).sequence() > 0;
        for (int i = 0; i < appends.size(); i++) {
            long expected = sequenced ? appends.get(0).sequence() + i : 0;
            if (appends.get(i).sequence() != expected) {
                throw new IllegalArgumentException("the sequences of a request rise by 1 or all appends have none");
            }
        }
    }

    /** Appends whose ids came with them, so that they may be repeats. */
    public AppendRequest(String org, ClientId client, After after, List<Append> appends, Caller caller) {
        this(org, client, after, appends, caller, false);
    }

    /** One append without a sequence by the embedding program itself, whatever the versions are. */
    public static AppendRequest of(String org, ClientId client, UUID id, Event... events) {
        return new AppendRequest(
                org, client, null, List.of(Append.online(id, List.of(events), Map.of())), Caller.EMBEDDER);
    }
}

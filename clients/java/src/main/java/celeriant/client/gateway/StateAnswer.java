package celeriant.client.gateway;

import celeriant.client.buffer.Refusal;
import celeriant.wire.StateReader;

/**
 * What a gateway says when it is asked for an aggregate's state, and of which log.
 *
 * @param state null if the aggregate does not exist, or may not be seen
 * @param position where the log ended
 * @param log which log it is, or null if that was not told
 * @param hash of the log at {@code position}, or null if that was not told
 */
public record StateAnswer(StateReader.State state, long position, String log, String hash) {
    static StateAnswer of(StateReader.State state) {
        return new StateAnswer(state, state.position(), state.log(), state.hash());
    }

    static StateAnswer absent(Refusal refusal) {
        boolean told = refusal.fields().containsKey("hash");
        return told
                ? new StateAnswer(
                        null,
                        (Long) refusal.fields().get("position"),
                        (String) refusal.fields().get("log"),
                        (String) refusal.fields().get("hash"))
                : new StateAnswer(null, 0, null, null);
    }
}

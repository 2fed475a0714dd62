package celeriant.log.sequencer;

import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.Problem;
import java.util.UUID;

/**
 * A sequence that is settled as rejected, for good. It takes no position and is not in the hash chain.
 *
 * @param sequence 1 or more: without one nothing is kept of a rejection
 * @param problem why; answered again whenever the append is sent again
 */
public record RejectionRecord(
        String org, ClientId client, long sequence, UUID id, long recordedAtMillis, Problem problem)
        implements LogRecord {
    public RejectionRecord {
        if (sequence < 1) {
            throw new IllegalArgumentException("a settled rejection has a sequence");
        }
    }

    /** The verdict that a repeat is answered from. */
    public SettledAppend.Refused settled() {
        return new SettledAppend.Refused(id, sequence, problem);
    }

    /** The client's head after it. @param before its head until then, or null */
    public ClientHead clientHead(ClientHead before) {
        return new ClientHead(sequence, id, before == null ? 0 : before.position());
    }
}

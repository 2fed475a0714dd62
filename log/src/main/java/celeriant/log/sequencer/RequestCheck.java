package celeriant.log.sequencer;

import celeriant.log.AppendRequest;
import celeriant.model.After;
import celeriant.model.Append;
import celeriant.model.ClientHead;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.util.UUID;

/**
 * What refuses an append request as a whole: the append that the client names as the one before, or one that it sends
 * again, is another one in the log (two writers use one identity), or appends are missing in between. Only ids are
 * compared, never payloads.
 */
final class RequestCheck {
    private RequestCheck() {}

    /** Why the request is refused as a whole; null if it is not. */
    static Problem refusal(LogView view, AppendRequest request) {
        boolean sequenced =
                !request.appends().isEmpty() && request.appends().get(0).sequence() > 0;
        if (!sequenced && request.after() == null) {
            return null;
        }
        ClientHead head = view.clientHead(request.org(), request.client());
        Problem after = request.after() == null ? null : afterRefusal(view, request, head, request.after());
        if (after != null || !sequenced) {
            return after;
        }
        long first = request.appends().get(0).sequence();
        return first > next(head) ? gap(first, next(head)) : forkAmong(view, request, head);
    }

    /** An id without a sequence names what it was used for first, and nothing else. */
    static Problem usedId(UUID id) {
        return Problem.badRequest("/id", "the id " + id + " was used for another request: take a new one");
    }

    private static Problem afterRefusal(LogView view, AppendRequest request, ClientHead head, After after) {
        if (after.sequence() >= next(head)) {
            return gap(Math.min(after.sequence(), Long.MAX_VALUE - 1) + 1, next(head));
        }
        UUID id = idAt(view, request, head, after.sequence());
        return id.equals(after.id()) ? null : fork(after.sequence());
    }

    private static Problem forkAmong(LogView view, AppendRequest request, ClientHead head) {
        for (Append append : request.appends()) {
            if (append.sequence() >= next(head)) {
                return null;
            }
            if (!idAt(view, request, head, append.sequence()).equals(append.id())) {
                return fork(append.sequence());
            }
        }
        return null;
    }

    private static UUID idAt(LogView view, AppendRequest request, ClientHead head, long sequence) {
        return sequence == head.sequence()
                ? head.id()
                : view.settled(request.org(), request.client(), sequence).id();
    }

    private static long next(ClientHead head) {
        return head == null ? 1 : head.sequence() + 1;
    }

    private static Problem gap(long first, long expected) {
        return Problem.of(
                        ErrorCode.SEQUENCE_GAP,
                        "the first sequence is " + first + ", but the log expects " + expected + " from this client")
                .with("expectedSequence", expected);
    }

    private static Problem fork(long sequence) {
        return Problem.of(
                        ErrorCode.CLIENT_FORKED,
                        "the log holds another append of this client at sequence " + sequence
                                + ": two writers use one identity")
                .with("sequence", sequence);
    }
}

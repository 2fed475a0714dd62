package celeriant.log.embedded.record;

import celeriant.log.AppendRequest;
import celeriant.log.SnapshotRequest;
import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.Problem;

/**
 * How much a write holds in memory and, at most, in the journal. A record has a limit, far above the protocol's; it is
 * checked before a write is decided, because a decision cannot be taken back.
 *
 * @param bytes of all its records, an upper bound
 * @param refusal why no record can hold it, or null
 */
public record WriteSize(long bytes, Problem refusal) {
    private static final long FIXED_BYTES = 256;
    private static final int BYTES_PER_CHARACTER = 3;
    private static final long APPEND_BYTES_MAX = RecordFormat.RECORD_BYTES_MAX / 2;
    /** Room for the events that the system records behind an append's own. */
    private static final int APPEND_EVENTS_MAX = RecordFormat.EVENTS_MAX / 2;

    /** Of a trim, a delete or a question for a client's head, and of nothing else. */
    public static final WriteSize SMALL = new WriteSize(FIXED_BYTES, null);

    public static WriteSize of(AppendRequest request) {
        if (request.appends().isEmpty()) {
            return SMALL;
        }
        long names = text(request.org()) + text(request.client().value());
        long bytes = FIXED_BYTES;
        Problem refusal = StorableNames.fault(request);
        for (int i = 0; i < request.appends().size() && refusal == null; i++) {
            Append append = request.appends().get(i);
            long appendBytes = FIXED_BYTES + names;
            for (Event event : append.events()) {
                appendBytes += of(event);
            }
            bytes += appendBytes;
            refusal = refusal("/appends/" + i, append.events().size(), appendBytes);
        }
        return new WriteSize(bytes, refusal);
    }

    public static WriteSize of(SnapshotRequest request) {
        long bytes = FIXED_BYTES
                + text(request.org())
                + text(request.aggregate().type())
                + text(request.aggregate().id())
                + text(request.contentType())
                + request.data().length;
        return new WriteSize(bytes, refusal("", 0, bytes));
    }

    private static Problem refusal(String pointer, int events, long bytes) {
        if (events > APPEND_EVENTS_MAX) {
            return Problem.tooLarge(pointer, "more events than a record holds", APPEND_EVENTS_MAX, "events");
        }
        if (bytes > APPEND_BYTES_MAX) {
            return Problem.tooLarge(pointer, "more bytes than a record holds", APPEND_BYTES_MAX, "bytes");
        }
        return null;
    }

    private static long of(Event event) {
        long encryption = event.encryption() == null
                ? 0
                : text(event.encryption().alg())
                        + text(event.encryption().kid())
                        + text(event.encryption().iv());
        return FIXED_BYTES
                + event.data().bytes().length
                + text(event.aggregate().type())
                + text(event.aggregate().id())
                + text(event.type())
                + text(event.typeVersion())
                + text(event.key())
                + text(event.time())
                + text(event.data().contentType())
                + encryption;
    }

    private static long text(String text) {
        return text == null ? 0 : (long) text.length() * BYTES_PER_CHARACTER;
    }
}

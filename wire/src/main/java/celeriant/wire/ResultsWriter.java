package celeriant.wire;

import celeriant.model.AggregateId;
import celeriant.model.AppendResult;
import celeriant.model.AppendResult.Appended;
import celeriant.model.AppendResult.Conflict;
import celeriant.model.AppendResult.Duplicate;
import celeriant.model.AppendResult.Rejected;
import celeriant.model.ClientHead;
import celeriant.model.ErrorCode;
import celeriant.model.Problem;
import java.util.List;
import java.util.Map;

/** Writes the answers to appends. Stateless: any thread. */
public final class ResultsWriter {
    private static final byte[] ID = JsonBytes.ascii("{\"id\":");
    private static final byte[] SEQUENCE = JsonBytes.ascii(",\"sequence\":");
    private static final byte[] STATUS = JsonBytes.ascii(",\"status\":\"");
    private static final byte[] POSITIONS = JsonBytes.ascii("\",\"positions\":[");
    private static final byte[] VERSIONS = JsonBytes.ascii("],\"versions\":{");
    private static final byte[] PROBLEM = JsonBytes.ascii("\",\"problem\":");
    private static final byte[] APPENDED = JsonBytes.ascii("appended");
    private static final byte[] DUPLICATE = JsonBytes.ascii("duplicate");
    private static final byte[] REJECTED = JsonBytes.ascii("rejected");
    private static final byte[] CONFLICT = JsonBytes.ascii("conflict");

    private ResultsWriter() {}

    /**
     * The answer to the general form.
     *
     * @param head null for a client that the log has not seen
     */
    public static void write(List<AppendResult> results, ClientHead head, JsonBytes out) {
        out.raw('{').name("results").raw('[');
        for (AppendResult result : results) {
            writeResult(result, out.element());
        }
        out.raw(']').name("head");
        writeHead(head, out);
        out.raw('}');
    }

    /** The answer to the short form of an append that landed, now or before. */
    public static void writeShort(long firstPosition, long lastPosition, long version, JsonBytes out) {
        out.raw('{').name("positions").raw('[');
        out.number(firstPosition).raw(',').number(lastPosition).raw(']');
        out.name("version").number(version).raw('}');
    }

    /** A client's head, or {@code null}. */
    public static void writeHead(ClientHead head, JsonBytes out) {
        if (head == null) {
            out.nullValue();
            return;
        }
        out.raw('{').name("sequence").number(head.sequence());
        out.name("id").uuid(head.id());
        out.name("position").number(head.position()).raw('}');
    }

    /** The problem that tells a conflict. */
    public static Problem problemOf(Conflict conflict) {
        String actual = conflict.actual() == 0 ? " does not exist" : " is at version " + conflict.actual();
        String expected =
                conflict.expected() == 0 ? "was expected not to exist" : "was expected at " + conflict.expected();
        String detail = conflict.aggregate() + actual + " and " + expected;
        return Problem.of(ErrorCode.VERSION_CONFLICT, detail)
                .with("aggregate", conflict.aggregate().toString())
                .with("expected", conflict.expected())
                .with("actual", conflict.actual());
    }

    /** What a rejection leaves behind: with a sequence it is settled, without one nothing is kept. */
    public static Done doneOf(Rejected rejected) {
        return rejected.sequence() > 0 ? Done.SETTLED : Done.NOTHING;
    }

    private static void writeResult(AppendResult result, JsonBytes out) {
        out.raw(ID).uuid(result.id());
        if (result.sequence() > 0) {
            out.raw(SEQUENCE).number(result.sequence());
        }
        out.raw(STATUS);
        if (result instanceof Appended appended) {
            out.raw(APPENDED);
            writePlaces(appended.firstPosition(), appended.lastPosition(), appended.versions(), out);
        } else if (result instanceof Duplicate duplicate) {
            out.raw(DUPLICATE);
            writePlaces(duplicate.firstPosition(), duplicate.lastPosition(), duplicate.versions(), out);
        } else if (result instanceof Rejected rejected) {
            ProblemWriter.write(
                    rejected.problem(), doneOf(rejected), out.raw(REJECTED).raw(PROBLEM));
        } else if (result instanceof Conflict conflict) {
            ProblemWriter.write(
                    problemOf(conflict), Done.NOTHING, out.raw(CONFLICT).raw(PROBLEM));
        }
        out.raw('}');
    }

    private static void writePlaces(long first, long last, Map<AggregateId, Long> versions, JsonBytes out) {
        out.raw(POSITIONS).number(first).raw(',').number(last).raw(VERSIONS);
        boolean isFirst = true;
        for (Map.Entry<AggregateId, Long> entry : versions.entrySet()) {
            if (!isFirst) {
                out.raw(',');
            }
            isFirst = false;
            AggregateId aggregate = entry.getKey();
            out.raw('"').text(aggregate.type()).raw('/').text(aggregate.id()).raw('"');
            out.raw(':').number(entry.getValue());
        }
        out.raw('}');
    }
}

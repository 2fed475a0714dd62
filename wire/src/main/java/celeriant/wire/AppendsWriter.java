package celeriant.wire;

import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import java.util.List;
import java.util.Map;

/** Writes the body of the general form of append: what {@link AppendsReader} reads. Stateless: any thread. */
public final class AppendsWriter {
    private AppendsWriter() {}

    /** A request of appends with sequences; {@code after} null says that there is none before the first. */
    public static void writeSequenced(After after, List<Append> appends, JsonBytes out) {
        out.raw('{').name("after");
        if (after == null) {
            out.nullValue();
        } else {
            out.raw('{').name("sequence").number(after.sequence());
            out.name("id").uuid(after.id()).raw('}');
        }
        writeAppends(appends, out);
        out.raw('}');
    }

    /** A request of appends without sequences. */
    public static void writeOnline(List<Append> appends, JsonBytes out) {
        out.raw('{');
        writeAppends(appends, out);
        out.raw('}');
    }

    private static void writeAppends(List<Append> appends, JsonBytes out) {
        out.name("appends").raw('[');
        for (Append append : appends) {
            write(append, out.element());
        }
        out.raw(']');
    }

    /** One append; one that carries a fault is given up (void). */
    public static void write(Append append, JsonBytes out) {
        out.raw('{').name("id").uuid(append.id());
        if (append.sequence() > 0) {
            out.name("sequence").number(append.sequence());
        }
        if (!append.expected().isEmpty()) {
            writeExpected(append.expected(), out.name("expected"));
        }
        if (append.fault() != null) {
            out.name("void").bool(true).raw('}');
            return;
        }
        out.name("events").raw('[');
        for (Event event : append.events()) {
            EventWriter.write(event, out.element());
        }
        out.raw(']').raw('}');
    }

    private static void writeExpected(Map<AggregateId, ExpectedVersion> expected, JsonBytes out) {
        out.raw('{');
        expected.forEach((aggregate, version) -> {
            if (version instanceof ExpectedVersion.Exactly exactly) {
                out.name(aggregate.toString()).number(exactly.version());
            } else if (version instanceof ExpectedVersion.None) {
                out.name(aggregate.toString()).number(0);
            }
        });
        out.raw('}');
    }
}

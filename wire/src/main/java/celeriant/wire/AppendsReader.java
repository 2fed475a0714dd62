package celeriant.wire;

import celeriant.model.After;
import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.ExpectedVersion;
import celeriant.model.Limits;
import celeriant.model.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Reads the body of {@code POST /v1/{org}/appends}. Malformed JSON and a fault in {@code after}, {@code sequence},
 * {@code id}, {@code expected} or {@code void} refuse the whole; a fault inside one append's own events makes that
 * append a faulty one and the rest is read on. One instance reads one body; the static methods are for any thread.
 */
public final class AppendsReader {
    private static final String NOT_FROM_0 = "this is not a whole number from 0 to 2^53-1";
    private static final String NOT_FROM_1 = "this is not a whole number from 1 to 2^53-1";
    private static final int IN_AFTER = -1;
    private static final Problem VOID = Problem.of(ErrorCode.VOID, "the client gave this append up");

    private final JsonReader in;
    private final Limits limits;
    private final EventReader eventReader;
    private final byte[] bytes;

    private boolean afterPresent;
    private After after;
    private List<Append> appends;
    private final Set<UUID> ids = new HashSet<>();

    private AppendsReader(byte[] bytes, int from, int to, Limits limits) {
        this.bytes = bytes;
        this.in = new JsonReader(bytes, from, to);
        this.limits = limits;
        this.eventReader = new EventReader(bytes, in, limits, null);
    }

    /** Reads a whole array; see {@link #read(byte[], int, int, Limits)}. */
    public static AppendsBody read(byte[] bytes, Limits limits) throws BadBodyException {
        return read(bytes, 0, bytes.length, limits);
    }

    /**
     * Reads {@code bytes[from, to)}. The events copy what they need: the array may be reused afterwards.
     *
     * @throws BadBodyException with a problem whose {@code pointer} names the fault
     */
    public static AppendsBody read(byte[] bytes, int from, int to, Limits limits) throws BadBodyException {
        return new AppendsReader(bytes, from, to, limits).readBody();
    }

    private AppendsBody readBody() throws BadBodyException {
        if (in.peek() != '{') {
            throw refused("", "the body is a JSON object with after and appends");
        }
        in.beginObject();
        while (in.nextMember()) {
            switch (in.name()) {
                case "after" -> readAfter();
                case "appends" -> readAppends();
                default -> in.skipValue();
            }
        }
        in.finish();
        if (appends == null) {
            throw refused("/appends", "appends is missing");
        }
        checkAfter();
        return new AppendsBody(after, appends);
    }

    private void readAfter() throws BadBodyException {
        if (afterPresent) {
            throw refused("/after", "after is given twice");
        }
        afterPresent = true;
        if (in.skipNull()) {
            return;
        }
        if (in.peek() != '{') {
            throw refused("/after", "after is null or an object with sequence and id");
        }
        long sequence = 0;
        UUID id = null;
        in.beginObject();
        while (in.nextMember()) {
            switch (in.name()) {
                case "sequence" -> {
                    require(sequence == 0, "/after/sequence", "sequence is given twice");
                    sequence = integer(IN_AFTER, "/sequence", 1);
                }
                case "id" -> {
                    require(id == null, "/after/id", "id is given twice");
                    id = uuid(IN_AFTER, "/id");
                }
                default -> in.skipValue();
            }
        }
        require(sequence != 0, "/after/sequence", "sequence is missing");
        require(id != null, "/after/id", "id is missing");
        after = new After(sequence, id);
    }

    private void readAppends() throws BadBodyException {
        require(appends == null, "/appends", "appends is given twice");
        require(in.peek() == '[', "/appends", "appends is an array of appends");
        appends = new ArrayList<>();
        in.beginArray();
        while (in.nextElement()) {
            if (appends.size() == limits.requestAppendsMax()) {
                String detail = "a request has at most " + limits.requestAppendsMax() + " appends";
                throw new BadBodyException(Problem.tooLarge("/appends", detail, limits.requestAppendsMax(), "appends"));
            }
            Append append = new AppendFields(appends.size()).read();
            checkOrder(append);
            appends.add(append);
        }
    }

    private void checkOrder(Append append) throws BadBodyException {
        int index = appends.size();
        require(ids.add(append.id()), index, "/id", "the same id is in the request twice");
        if (appends.isEmpty()) {
            return;
        }
        long previous = appends.get(appends.size() - 1).sequence();
        require(
                previous > 0 == append.sequence() > 0,
                index,
                "/sequence",
                "all appends of a request have a sequence or none has");
        require(
                previous == 0 || append.sequence() == previous + 1,
                index,
                "/sequence",
                "the sequences of a request rise by 1");
    }

    private void checkAfter() throws BadBodyException {
        if (appends.isEmpty() || appends.get(0).sequence() == 0) {
            return;
        }
        long before = appends.get(0).sequence() - 1;
        require(afterPresent, "/after", "after is required with sequences; null when the first sequence is 1");
        require(after != null || before == 0, "/after", "after names the append with sequence " + before);
        require(after == null || before != 0, "/after", "after is null when the first sequence is 1");
        require(
                after == null || after.sequence() == before,
                "/after/sequence",
                "after names the append before the first: sequence " + before);
    }

    private UUID uuid(int index, String field) throws BadBodyException {
        UUID value = null;
        if (in.peek() == '"') {
            in.scanString();
            value = in.isEscaped() ? null : Uuids.parse(bytes, in.stringFrom(), in.stringTo());
        }
        require(value != null, index, field, "this is not a UUID such as 0198c0de-7c1e-7000-8000-000000000001");
        return value;
    }

    private long integer(int index, String field, long min) throws BadBodyException {
        long value = in.isNumberNext() ? in.integer() : JsonReader.NOT_AN_INTEGER;
        require(value >= min, index, field, min == 0 ? NOT_FROM_0 : NOT_FROM_1);
        return value;
    }

    private static void require(boolean holds, String pointer, String detail) throws BadBodyException {
        if (!holds) {
            throw refused(pointer, detail);
        }
    }

    /** The same for a field of one append; makes no text while all is well, for this is the hot path. */
    private static void require(boolean holds, int index, String field, String detail) throws BadBodyException {
        if (!holds) {
            throw refused((index == IN_AFTER ? "/after" : "/appends/" + index) + field, detail);
        }
    }

    private static BadBodyException refused(String pointer, String detail) {
        return new BadBodyException(Problem.badRequest(pointer, detail));
    }

    /** Reads one append object. */
    private final class AppendFields {
        private final int index;
        private int seen;
        private UUID id;
        private long sequence;
        private Map<AggregateId, ExpectedVersion> expected = Map.of();
        private boolean isVoid;
        private boolean hasEvents;
        private List<Event> events = List.of();
        private Problem fault;

        AppendFields(int index) {
            this.index = index;
        }

        Append read() throws BadBodyException {
            require(in.peek() == '{', index, "", "an append is an object");
            int from = in.position();
            in.beginObject();
            while (in.nextMember()) {
                readMember(in.name());
            }
            checkSize(in.position() - from);
            return build();
        }

        private void readMember(String name) throws BadBodyException {
            int bit = bitOf(name);
            if (bit == 0) {
                in.skipValue();
                return;
            }
            if ((seen & bit) != 0) {
                throw refused("/appends/" + index + "/" + name, name + " is given twice");
            }
            seen |= bit;
            if (!in.skipNull()) {
                readValue(name);
            }
        }

        private static int bitOf(String name) {
            return switch (name) {
                case "id" -> 1;
                case "sequence" -> 1 << 1;
                case "expected" -> 1 << 2;
                case "events" -> 1 << 3;
                case "void" -> 1 << 4;
                default -> 0;
            };
        }

        private void readValue(String name) throws BadBodyException {
            switch (name) {
                case "id" -> id = uuid(index, "/id");
                case "sequence" -> sequence = integer(index, "/sequence", 1);
                case "expected" -> readExpected();
                case "events" -> readEvents();
                default -> {
                    int c = in.peek();
                    require(c == 't' || c == 'f', index, "/void", "void is true or false");
                    isVoid = in.bool();
                }
            }
        }

        private void readExpected() throws BadBodyException {
            require(in.peek() == '{', index, "/expected", "expected is an object of versions by aggregate");
            expected = new LinkedHashMap<>();
            in.beginObject();
            while (in.nextMember()) {
                String name = in.name();
                String at = "/expected/" + name.replace("~", "~0").replace("/", "~1");
                AggregateId aggregate = parseAggregate(name, at);
                long version = integer(index, at, 0);
                require(expected.put(aggregate, ExpectedVersion.of(version)) == null, index, at, "this is given twice");
            }
            require(!expected.isEmpty(), index, "/expected", "expected names at least one aggregate");
        }

        private AggregateId parseAggregate(String name, String at) throws BadBodyException {
            try {
                return AggregateId.parse(name);
            } catch (IllegalArgumentException e) {
                throw refused("/appends/" + index + at, e.getMessage());
            }
        }

        private void readEvents() throws BadBodyException {
            hasEvents = true;
            in.peek();
            int from = in.position();
            try {
                events = eventReader.readArray();
            } catch (EventFault e) {
                fault = e.problem();
                in.rewind(from);
                in.skipValue();
            }
        }

        private void checkSize(int size) {
            if (fault == null && size > limits.appendBytesMax()) {
                String detail = "an append has at most " + limits.appendBytesMax() + " bytes as JSON";
                fault = Problem.tooLarge("", detail, limits.appendBytesMax(), "bytes");
            }
        }

        private Append build() throws BadBodyException {
            require(id != null, index, "/id", "id is missing");
            require(
                    sequence == 0 || expected.isEmpty(),
                    index,
                    "/expected",
                    "an append has a sequence or expected versions, not both");
            if (isVoid) {
                require(!hasEvents, index, "/void", "a void append has no events");
                require(sequence > 0, index, "/void", "void needs a sequence: it settles one");
                return Append.faulty(id, sequence, VOID);
            }
            if (!hasEvents) {
                fault = Problem.badRequest("/events", "events is missing");
            }
            return new Append(id, sequence, fault == null ? events : List.of(), expected, fault);
        }
    }
}

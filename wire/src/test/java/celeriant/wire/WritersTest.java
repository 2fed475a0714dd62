package celeriant.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.model.AggregateId;
import celeriant.model.AppendResult;
import celeriant.model.ClientHead;
import celeriant.model.ClientId;
import celeriant.model.Encryption;
import celeriant.model.ErrorCode;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.Problem;
import celeriant.model.RecordedEvent;
import celeriant.model.Register;
import celeriant.model.Snapshot;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The writers")
class WritersTest {
    private static final UUID ONE = UUID.fromString("0198c0de-7c1e-7000-8000-000000000001");
    private static final UUID TWO = UUID.fromString("f198c0de-7c1e-7000-8000-00000000000f");
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");

    private final JsonBytes out = new JsonBytes(1);

    @Test
    @DisplayName("write a recorded event with all fields")
    void wholeEvent() {
        Event event = new Event(
                ONE,
                BOARD,
                "cell-painted",
                "1.0",
                "3,\"4\"",
                new EventData(EventData.Form.JSON, bytes("{\"b\":1.50}"), "application/json"),
                "2026-01-31T08:15:00Z",
                new Encryption("A256GCM", "k", "AAAA"));
        EventWriter.write(new RecordedEvent(event, 18, 1001, new ClientId("svc.a"), TWO, 42, 1_769_847_300_007L), out);
        assertEquals(
                "{\"id\":\"0198c0de-7c1e-7000-8000-000000000001\",\"aggregate\":\"canvas/board-1\","
                        + "\"type\":\"cell-painted\",\"typeVersion\":\"1.0\",\"key\":\"3,\\\"4\\\"\","
                        + "\"data\":{\"b\":1.50},\"datacontenttype\":\"application/json\","
                        + "\"time\":\"2026-01-31T08:15:00Z\","
                        + "\"encryption\":{\"alg\":\"A256GCM\",\"kid\":\"k\",\"iv\":\"AAAA\"},"
                        + "\"version\":18,\"position\":1001,\"client\":\"svc.a\","
                        + "\"append\":\"f198c0de-7c1e-7000-8000-00000000000f\",\"sequence\":42,"
                        + "\"recordedAt\":\"2026-01-31T08:15:00.007Z\"}",
                out.toString());
    }

    @Test
    @DisplayName("write an event to append without what it does not have")
    void bareEvent() {
        EventWriter.write(Event.of(BOARD, "t", EventData.binary(new byte[] {0, -1})), out);
        assertEquals("{\"aggregate\":\"canvas/board-1\",\"type\":\"t\",\"data_base64\":\"AP8=\"}", out.toString());
    }

    @Test
    @DisplayName("write the results of an append request in each status")
    void results() {
        List<AppendResult> results = List.of(
                new AppendResult.Appended(ONE, 42, 7, 9, Map.of(BOARD, 18L)),
                new AppendResult.Duplicate(ONE, 0, 7, 7, Map.of(BOARD, 18L)),
                new AppendResult.Rejected(ONE, 43, Problem.badRequest("/events/0/type", "no")),
                new AppendResult.Rejected(ONE, 0, Problem.badRequest("/events/0/type", "no")),
                new AppendResult.Conflict(ONE, BOARD, 17, 18));
        ResultsWriter.write(results, new ClientHead(43, ONE, 9), out);
        String id = "{\"id\":\"" + ONE + "\"";
        String badRequest = "\"status\":\"rejected\",\"problem\":{\"type\":\"/problems/bad-request\","
                + "\"title\":\"Bad request\",\"status\":400,\"code\":\"bad-request\",\"detail\":\"no\",\"done\":";
        assertEquals(
                "{\"results\":[" + id + ",\"sequence\":42,\"status\":\"appended\",\"positions\":[7,9],"
                        + "\"versions\":{\"canvas/board-1\":18}}," + id
                        + ",\"status\":\"duplicate\",\"positions\":[7,7],\"versions\":{\"canvas/board-1\":18}}," + id
                        + ",\"sequence\":43," + badRequest + "\"settled\",\"pointer\":\"/events/0/type\"}}," + id + ","
                        + badRequest + "\"nothing\",\"pointer\":\"/events/0/type\"}}," + id
                        + ",\"status\":\"conflict\",\"problem\":{\"type\":\"/problems/version-conflict\","
                        + "\"title\":\"Version conflict\",\"status\":412,\"code\":\"version-conflict\","
                        + "\"detail\":\"canvas/board-1 is at version 18 and was expected at 17\",\"done\":\"nothing\","
                        + "\"aggregate\":\"canvas/board-1\",\"expected\":17,\"actual\":18}}],"
                        + "\"head\":{\"sequence\":43,\"id\":\"" + ONE + "\",\"position\":9}}",
                out.toString());
    }

    @Test
    @DisplayName("write null for the head of a client that the log has not seen")
    void noHead() {
        ResultsWriter.write(List.of(), null, out);
        assertEquals("{\"results\":[],\"head\":null}", out.toString());
    }

    @Test
    @DisplayName("write pages")
    void pages() {
        PageWriter.writeAggregate(List.of(), null, 18, 3, out);
        assertEquals("{\"events\":[],\"next\":null,\"version\":18,\"firstVersion\":3}", out.toString());
        out.clear();
        PageWriter.RightChange revoked = new PageWriter.RightChange(BOARD, null, 5);
        PageWriter.writeMerged(List.of(), 7L, 9, "log-1", "ab", List.of(revoked), out);
        assertEquals(
                "{\"events\":[],\"next\":7,\"rights\":[{\"aggregate\":\"canvas/board-1\",\"level\":null,"
                        + "\"position\":5}],\"position\":9,\"log\":\"log-1\",\"hash\":\"ab\"}",
                out.toString());
    }

    @Test
    @DisplayName("write a state in pieces that may be taken away in between")
    void state() {
        StateWriter writer = new StateWriter(out);
        StringBuilder sent = new StringBuilder();
        writer.begin(BOARD, 18, 1001, "log-1", "ab");
        sent.append(taken());
        writer.register("a", new Register(json("1"), null, "t", null, 17, 900, new ClientId("c"), null));
        sent.append(taken());
        writer.register("b", new Register(json("{}"), null, "t", "2", 18, 901, new ClientId("c"), "now"));
        sent.append(taken());
        writer.end(new Snapshot(BOARD, 12, "application/json; charset=utf-8", bytes(" { \"x y\" : 1 } ")));
        sent.append(taken());
        assertEquals(
                "{\"aggregate\":\"canvas/board-1\",\"version\":18,\"position\":1001,"
                        + "\"log\":\"log-1\",\"hash\":\"ab\",\"registers\":{"
                        + "\"a\":{\"data\":1,\"type\":\"t\",\"version\":17,\"position\":900,\"client\":\"c\"},"
                        + "\"b\":{\"data\":{},\"type\":\"t\",\"typeVersion\":\"2\",\"version\":18,\"position\":901,"
                        + "\"client\":\"c\",\"time\":\"now\"}},"
                        + "\"snapshot\":{\"version\":12,\"datacontenttype\":\"application/json; charset=utf-8\","
                        + "\"data\":{\"x y\":1}}}",
                sent.toString());
    }

    @Test
    @DisplayName("write a snapshot that is no JSON as base64, whatever its media type says")
    void snapshotThatIsNoJson() {
        StateWriter writer = new StateWriter(out);
        writer.begin(BOARD, 1, 1, "log-1", "ab");
        writer.end(new Snapshot(BOARD, 1, "application/json", bytes("{\"a\":")));
        assertEquals(
                "{\"version\":1,\"datacontenttype\":\"application/json\",\"data_base64\":\"eyJhIjo=\"}}",
                out.toString().substring(out.toString().indexOf("snapshot\":") + 10));
    }

    @Test
    @DisplayName("escape strings so that reading gives them back, half surrogate pairs included")
    void strings() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0x10000)));
            }
            out.clear().string(text.toString());
            assertEquals(text.toString(), JsonTree.read(out.toByteArray()));
        }
    }

    @Test
    @DisplayName("write numbers of every length")
    void numbers() {
        LongStream.iterate(1, n -> n < 1_000_000_000_000_000_000L, n -> n * 10)
                .flatMap(n -> LongStream.of(n - 1, n, n + 1, n * 9, -n))
                .forEach(n ->
                        assertEquals(Long.toString(n), out.clear().number(n).toString()));
        assertEquals(
                Long.toString(Long.MAX_VALUE),
                out.clear().number(Long.MAX_VALUE).toString());
        assertEquals(
                Long.toString(Long.MIN_VALUE),
                out.clear().number(Long.MIN_VALUE).toString());
    }

    @Test
    @DisplayName("write times in UTC with milliseconds for every day from 1900 to 2400")
    void times() {
        Instant last = Instant.parse("2400-01-01T00:00:00.999Z");
        for (Instant at = Instant.parse("1900-01-01T23:59:59.999Z");
                at.isBefore(last);
                at = at.plus(1, ChronoUnit.DAYS)) {
            assertEquals("\"" + at + "\"", out.clear().time(at.toEpochMilli()).toString());
        }
        assertEquals("\"1970-01-01T00:00:00.000Z\"", out.clear().time(0).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-31T08:15:00Z",
                "2026-01-31t08:15:00z",
                "2024-02-29T23:59:60.123456789+23:59",
                "2000-02-29T00:00:00-00:00"
            })
    @DisplayName("know a time of RFC 3339")
    void validTimes(String text) {
        assertEquals(true, Rfc3339.isDateTime(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-01-31",
                "2026-01-31 08:15:00Z",
                "2026-13-01T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-04-31T00:00:00Z",
                "1900-02-29T00:00:00Z",
                "2026-01-31T24:00:00Z",
                "2026-01-31T00:60:00Z",
                "2026-01-31T00:00:61Z",
                "2026-01-31T00:00:00.Z",
                "2026-01-31T00:00:00+24:00",
                "2026-01-31T00:00:00+0100",
                "2026-01-31T00:00:00Zx",
                "+026-01-31T00:00:00Z",
                "2026-01-31T00:00:00"
            })
    @DisplayName("know what is no time of RFC 3339")
    void invalidTimes(String text) {
        assertEquals(false, Rfc3339.isDateTime(text));
    }

    @Test
    @DisplayName("say what was done")
    void done() {
        ProblemWriter.write(Problem.of(ErrorCode.OUTCOME_UNKNOWN, "no answer"), out);
        assertEquals(true, out.toString().contains("\"done\":\"unknown\""), out.toString());
        assertEquals(Done.NOTHING, Done.of(ErrorCode.BUSY));
        assertEquals(Done.SETTLED, Done.of(ErrorCode.VOID));
    }

    private String taken() {
        String text = out.toString();
        out.clear();
        return text;
    }

    private static EventData json(String text) {
        return EventData.json(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void numbersOfEveryLengthAreWrittenAsTheyAre() {
        JsonBytes out = new JsonBytes();
        StringBuilder expected = new StringBuilder();
        for (long power = 1; power > 0 && power <= Long.MAX_VALUE / 10; power *= 10) {
            for (long number : new long[] {power - 1, power, power + 1, power * 2 + power / 3, -power}) {
                out.number(number).raw(' ');
                expected.append(number).append(' ');
            }
        }
        for (long number : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 1_000_000_000_000_000_000L, 99, 100, 101}) {
            out.number(number).raw(' ');
            expected.append(number).append(' ');
        }
        assertEquals(expected.toString(), out.toString());
    }
}

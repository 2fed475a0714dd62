package celeriant.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.ErrorCode;
import celeriant.model.Limits;
import celeriant.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The limits of append bodies")
class AppendLimitsTest {
    private static final Limits LIMITS = Limits.DEFAULT;
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    @DisplayName("appends in a request")
    void appends(int beyond) throws Exception {
        int count = LIMITS.requestAppendsMax() + beyond;
        String appends = IntStream.range(0, count)
                .mapToObj(i -> append(new UUID(0, i), event("1")))
                .collect(Collectors.joining(","));
        if (beyond > 0) {
            BadBodyException refusal =
                    assertThrows(BadBodyException.class, () -> read("{\"appends\":[" + appends + "]}"));
            assertTooLarge(refusal.problem(), "/appends", 1_000, "appends");
        } else {
            assertEquals(count, read("{\"appends\":[" + appends + "]}").size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    @DisplayName("events in an append")
    void events(int beyond) throws Exception {
        int count = LIMITS.appendEventsMax() + beyond;
        String events = IntStream.range(0, count).mapToObj(i -> event("1")).collect(Collectors.joining(","));
        Append append = readOne(events);
        if (beyond > 0) {
            assertTooLarge(append.fault(), "/events", 1_000, "events");
        } else {
            assertEquals(count, append.events().size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    @DisplayName("data as JSON, white space not counted")
    void jsonData(int beyond) throws Exception {
        String data = " \"" + "x".repeat(LIMITS.eventDataBytesMax() - 2 + beyond) + "\" ";
        check(readOne(event(data)), beyond, "/events/0/data", 1 << 20, "bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    @DisplayName("data in base64, decoded")
    void binaryData(int beyond) throws Exception {
        JsonBytes out = new JsonBytes().base64(new byte[LIMITS.eventDataBytesMax() + beyond]);
        String event = "{\"aggregate\":\"a/1\",\"type\":\"t\",\"data_base64\":" + out + "}";
        check(readOne(event), beyond, "/events/0/data_base64", 1 << 20, "bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    @DisplayName("nesting of data")
    void nesting(int beyond) throws Exception {
        int depth = LIMITS.jsonDepthMax() + beyond;
        check(readOne(event("[".repeat(depth) + "]".repeat(depth))), beyond, "/events/0/data", 128, "levels");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    @DisplayName("a key, in bytes of UTF-8")
    void key(int beyond) throws Exception {
        String key = "\u00e9".repeat(LIMITS.keyBytesMax() / 2 - 1) + "x".repeat(2 + beyond);
        String event = "{\"aggregate\":\"a/1\",\"type\":\"t\",\"data\":1,\"key\":\"" + key + "\"}";
        check(readOne(event), beyond, "/events/0/key", 512, "bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    @DisplayName("a name")
    void name(int beyond) throws Exception {
        String name = "x".repeat(128 + beyond);
        for (String field : List.of("type", "typeVersion")) {
            String event = "{\"aggregate\":\"a/1\",\"type\":\"t\",\"data\":1,\"" + field + "\":\"" + name + "\"}";
            Append append = readOne(event.replaceFirst(field.equals("type") ? "\"type\":\"t\"," : "^$", ""));
            assertEquals(beyond > 0, append.fault() != null, field);
        }
        String event = "{\"aggregate\":\"" + name + "/" + name + "\",\"type\":\"t\",\"data\":1}";
        assertEquals(beyond > 0, readOne(event).fault() != null);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    @DisplayName("an append as JSON, in both forms")
    void appendSize(int beyond) throws Exception {
        String half = event("\"" + "x".repeat(LIMITS.eventDataBytesMax() - 128) + "\"");
        String start = "{\"id\":\"" + new UUID(0, 1) + "\",\"events\":[" + (half + ",").repeat(4);
        String rest = event("1") + "]}";
        String space = " ".repeat(LIMITS.appendBytesMax() + beyond - start.length() - rest.length());
        Append append = read("{\"appends\":[" + start + space + rest + "]}").get(0);
        check(append, beyond, "", 4 << 20, "bytes");

        String shortStart = "[" + (half + ",").repeat(4);
        String shortSpace = " ".repeat(LIMITS.appendBytesMax() + beyond - shortStart.length() - rest.length() + 1);
        byte[] body = (shortStart + shortSpace + event("1") + "]").getBytes(StandardCharsets.UTF_8);
        EventsReader.EventsBody read = EventsReader.read(body, 0, body.length, new AggregateId("a", "1"), LIMITS);
        if (beyond > 0) {
            assertTooLarge(read.fault(), "", 4 << 20, "bytes");
        } else {
            assertEquals(5, read.events().size());
        }
    }

    @Test
    @DisplayName("hold for mangled bodies too: nothing but a clear refusal or a well-formed body comes out")
    void mangled() throws Exception {
        byte[] body = ("{\"after\":{\"sequence\":41,\"id\":\"" + new UUID(0, 9) + "\"},\"appends\":[{\"sequence\":42,"
                        + "\"id\":\"" + new UUID(0, 1) + "\",\"events\":[{\"id\":\"" + new UUID(5, 1)
                        + "\",\"aggregate\":\"canvas/board-1\",\"type\":\"t\",\"typeVersion\":\"1.0\",\"key\":\"3,4\","
                        + "\"data\":{\"a\":[1,2.5e3,\"\u00e9\\u00e9\\n\",null,true]},\"time\":\"2026-01-31T08:15:00Z\","
                        + "\"encryption\":{\"alg\":\"a\",\"kid\":\"k\",\"iv\":\"i\"}}]},{\"sequence\":43,\"id\":\""
                        + new UUID(0, 2) + "\",\"void\":true},{\"sequence\":44,\"id\":\"" + new UUID(0, 3)
                        + "\",\"events\":[" + event("1").replace("\"data\":1", "\"data_base64\":\"AP8=\"") + "]}]}")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(3, AppendsReader.read(body, LIMITS).appends().size());
        SplittableRandom random = new SplittableRandom(11);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] mangled = mangle(body, random);
            try {
                AppendsBody read = AppendsReader.read(mangled, LIMITS);
                read.appends()
                        .forEach(append -> assertNotNull(append.fault() == null ? append.events() : append.fault()));
            } catch (BadBodyException e) {
                assertNotNull(e.problem().fields().get("pointer"));
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("mutation " + i + ": " + new String(mangled, StandardCharsets.UTF_8), e);
            }
        }
        assertEquals(true, refused > 50_000 && refused < 199_000, "refused " + refused);
    }

    @Test
    @DisplayName("let through what AppendsWriter writes, unchanged")
    void roundTrip() throws Exception {
        SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 2_000; i++) {
            List<Append> appends = RandomAppends.next(random);
            JsonBytes out = new JsonBytes();
            AppendsWriter.writeOnline(appends, out);
            assertEquals(appends, AppendsReader.read(out.toByteArray(), LIMITS).appends());
        }
    }

    @Test
    @DisplayName("do not count against the short form what stands in its path")
    void shortForm() throws Exception {
        byte[] body = " {\"type\":\"t\",\"data\": 1} ".getBytes(StandardCharsets.UTF_8);
        EventsReader.EventsBody read = EventsReader.read(body, 0, body.length, BOARD, LIMITS);
        assertEquals(BOARD, read.events().get(0).aggregate());
        byte[] other = "{\"aggregate\":\"a/1\",\"type\":\"t\",\"data\":1}".getBytes(StandardCharsets.UTF_8);
        Problem fault = EventsReader.read(other, 0, other.length, BOARD, LIMITS).fault();
        assertEquals("/events/0/aggregate", fault.fields().get("pointer"));
        for (String evil : List.of("", "1", "\"x\"", "null", "{} x", "[{}", "{\"type\":\"t\",\"data\":tru}")) {
            byte[] bytes = evil.getBytes(StandardCharsets.UTF_8);
            assertThrows(BadBodyException.class, () -> EventsReader.read(bytes, 0, bytes.length, BOARD, LIMITS), evil);
        }
    }

    private static byte[] mangle(byte[] body, SplittableRandom random) {
        List<Byte> bytes = new ArrayList<>();
        for (byte b : body) {
            bytes.add(b);
        }
        String alphabet = "{}[],:\"\\ 0159-.eEtfn/$~\u0000";
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(bytes.size());
            byte other = (byte)
                    (random.nextInt(4) == 0 ? random.nextInt(256) : alphabet.charAt(random.nextInt(alphabet.length())));
            switch (random.nextInt(4)) {
                case 0 -> bytes.set(at, other);
                case 1 -> bytes.remove(at);
                case 2 -> bytes.add(at, other);
                default ->
                    bytes.subList(at, Math.min(bytes.size(), at + random.nextInt(1, 30)))
                            .clear();
            }
        }
        byte[] mangled = new byte[bytes.size()];
        for (int i = 0; i < mangled.length; i++) {
            mangled[i] = bytes.get(i);
        }
        return mangled;
    }

    private static void check(Append append, int beyond, String pointer, long limit, String unit) {
        if (beyond > 0) {
            assertTooLarge(append.fault(), pointer, limit, unit);
        } else {
            assertEquals(null, append.fault());
        }
    }

    private static void assertTooLarge(Problem problem, String pointer, long limit, String unit) {
        assertEquals(ErrorCode.TOO_LARGE, problem.code());
        assertEquals(pointer, problem.fields().get("pointer"));
        assertEquals(limit, problem.fields().get("limit"));
        assertEquals(unit, problem.fields().get("unit"));
    }

    private static Append readOne(String events) throws BadBodyException {
        return read("{\"appends\":[" + append(new UUID(0, 1), events) + "]}").get(0);
    }

    private static List<Append> read(String body) throws BadBodyException {
        return AppendsReader.read(body.getBytes(StandardCharsets.UTF_8), LIMITS).appends();
    }

    private static String append(UUID id, String events) {
        return "{\"id\":\"" + id + "\",\"events\":[" + events + "]}";
    }

    private static String event(String data) {
        return "{\"aggregate\":\"a/1\",\"type\":\"t\",\"data\":" + data + "}";
    }
}

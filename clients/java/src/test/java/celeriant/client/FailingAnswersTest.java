package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.RejectedAppend;
import celeriant.client.gateway.Http;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.wire.BadBodyException;
import celeriant.wire.JsonTree;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

@DisplayName("While answers fail")
class FailingAnswersTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "b");
    private static final long MINUTE_MILLIS = 60_000;
    private static final int STEPS_MAX = 2_000;
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f-]{27}");
    /** The beginning of a message that is longer than any. */
    private static final byte[] TOO_LONG = "x".repeat(17 << 20).getBytes(StandardCharsets.US_ASCII);

    @TestFactory
    @DisplayName("the cases of conformance")
    Stream<DynamicTest> cases() throws Exception {
        return ((List<?>) Conformance.read("client/failing-answers.json").get("cases"))
                .stream()
                        .map(one -> (Map<?, ?>) one)
                        .map(one -> DynamicTest.dynamicTest((String) one.get("name"), () -> holds(one)));
    }

    private static void holds(Map<?, ?> one) {
        HandTurns turns = new HandTurns();
        Gateway gateway = new Gateway(one);
        Celeriant client = Celeriant.to(URI.create("http://gateway.test"), "demo")
                .http(gateway)
                .world(turns.world())
                .driven(turns, HandTurns::key)
                .follow(BOARD)
                .start();
        String data = "\"" + "x".repeat(1_000) + "\"";
        client.append(Event.keyed(BOARD, "cell-painted", "1,1", EventData.json(data)));
        long minutes = one.get("minutes") instanceof Long many ? many : 1;
        long end = turns.now() + minutes * MINUTE_MILLIS;
        int steps = turns.runUntil(end, STEPS_MAX);
        int count = gateway.count((String) one.get("to"));
        assertTrue(steps < STEPS_MAX, () -> "it asks without end: " + gateway.asked);
        assertTrue(count > 0 && count <= (Long) one.get("requests"), () -> count + ": " + gateway.asked);
        if (one.get("others") instanceof Map<?, ?> others) {
            others.forEach((kind, times) -> assertEquals((Long) times, gateway.count((String) kind), (String) kind));
        }
        Map<?, ?> ends = (Map<?, ?>) one.get("ends");
        Status status = client.status();
        assertEquals(ends.get("state"), status.state().word(), status::reason);
        assertEquals(ends.get("reason"), ends.containsKey("reason") ? status.reason() : null);
        assertEquals(ends.get("pending"), (long) status.pending());
        assertEquals(
                ends.get("rejected"),
                client.rejected().stream()
                        .map(RejectedAppend::reason)
                        .map(reason -> reason.code())
                        .collect(Collectors.toList()));
        client.close();
    }

    private enum Kind {
        PUSH,
        HEAD,
        STATE,
        STREAM,
        POLL,
        LOG,
        TOKEN
    }

    /** An empty log behind its gateway, but for what a case says; pushes are taken and not kept. */
    private static final class Gateway implements Http {
        private final Map<?, ?> one;
        final Map<Kind, Integer> asked = new EnumMap<>(Kind.class);
        private String head = "null";
        private long position;

        Gateway(Map<?, ?> one) {
            this.one = one;
        }

        int count(String to) {
            return asked.entrySet().stream()
                    .filter(entry -> isMeant(to, entry.getKey()))
                    .mapToInt(Map.Entry::getValue)
                    .sum();
        }

        private static boolean isMeant(String to, Kind kind) {
            boolean isOfAppends = to.equals("appends") && (kind == Kind.PUSH || kind == Kind.HEAD);
            return to.equals("any") || to.equals(word(kind)) || isOfAppends;
        }

        private static String word(Kind kind) {
            return kind.name().toLowerCase(Locale.ROOT);
        }

        private static Kind kindOf(Call call) {
            String path = call.uri().getPath();
            if (path.endsWith("/token")) {
                return Kind.TOKEN;
            }
            if (path.endsWith("/appends")) {
                return body(call).endsWith("\"appends\":[]}") ? Kind.HEAD : Kind.PUSH;
            }
            if (path.endsWith("/state")) {
                return Kind.STATE;
            }
            return String.valueOf(call.uri().getQuery()).contains("live=poll") ? Kind.POLL : Kind.LOG;
        }

        private static String body(Call call) {
            return call.body() == null ? "" : new String(call.body(), StandardCharsets.UTF_8);
        }

        private Answer failing(Kind kind, Call call) {
            asked.merge(kind, 1, Integer::sum);
            boolean isMeant = isMeant((String) one.get("to"), kind);
            long over = one.get("over") instanceof Long bytes ? bytes : 0;
            if (!isMeant
                    || !(one.get("answer") instanceof Map<?, ?> answer)
                    || body(call).length() < over) {
                return null;
            }
            Map<String, String> headers = ((Map<?, ?>) answer.get("headers"))
                    .entrySet().stream()
                            .collect(Collectors.toMap(
                                    header -> ((String) header.getKey()).toLowerCase(Locale.ROOT),
                                    header -> (String) header.getValue()));
            Matcher id = UUID.matcher(body(call));
            String body = ((String) answer.get("body")).replace("{id}", id.find() ? id.group() : "");
            return new Answer(((Long) answer.get("status")).intValue(), headers, body.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public CompletionStage<Answer> send(Call call) {
            Kind kind = kindOf(call);
            Answer failing = failing(kind, call);
            return CompletableFuture.completedFuture(failing == null ? answer(kind, call) : failing);
        }

        private Answer answer(Kind kind, Call call) {
            return switch (kind) {
                case TOKEN -> json(200, "{\"access_token\":\"a-token\",\"expires_in\":600}");
                case STATE -> json(404, "{\"code\":\"not-found\",\"status\":404," + end() + "}");
                case POLL, LOG -> json(200, "{\"events\":[],\"next\":null," + end() + "}");
                default -> json(200, "{\"results\":[" + results(call) + "],\"head\":" + head + "}");
            };
        }

        private String end() {
            return "\"position\":" + position + ",\"log\":\"a-log\",\"hash\":\"hash-" + position + "\"";
        }

        private String results(Call call) {
            try {
                Map<?, ?> pushed = (Map<?, ?>) JsonTree.read(call.body());
                return ((List<?>) pushed.get("appends"))
                        .stream().map(append -> result((Map<?, ?>) append)).collect(Collectors.joining(","));
            } catch (BadBodyException e) {
                throw new AssertionError(e);
            }
        }

        private String result(Map<?, ?> append) {
            boolean isVoid = append.containsKey("void");
            position += isVoid ? 0 : 1;
            String name = "\"id\":\"" + append.get("id") + "\",\"sequence\":" + append.get("sequence");
            head = "{" + name + ",\"position\":" + position + "}";
            return "{" + name
                    + (isVoid
                            ? ",\"status\":\"rejected\",\"problem\":{\"code\":\"void\",\"status\":410}}"
                            : ",\"status\":\"appended\",\"positions\":[" + position + "," + position
                                    + "],\"versions\":{}}");
        }

        @Override
        public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
            Answer failing = failing(Kind.STREAM, call);
            if (failing != null) {
                return CompletableFuture.completedFuture(failing);
            }
            if ("held".equals(one.get("streams"))) {
                return new CompletableFuture<>();
            }
            String caughtUp = "event: caught-up\nid: " + position + "\ndata: {" + end() + "}\n\n";
            receiver.opened(new OpenStream() {
                @Override
                public void next() {
                    if ("cut".equals(one.get("streams"))) {
                        receiver.ended(null);
                    }
                    if ("endless".equals(one.get("streams"))) {
                        receiver.bytes(TOO_LONG);
                    }
                }

                @Override
                public void cancel() {}
            });
            receiver.bytes(caughtUp.getBytes(StandardCharsets.UTF_8));
            return CompletableFuture.completedFuture(
                    new Answer(200, Map.of("content-type", "text/event-stream"), new byte[0]));
        }

        private static Answer json(int status, String body) {
            return new Answer(
                    status, Map.of("content-type", "application/json"), body.getBytes(StandardCharsets.UTF_8));
        }
    }
}

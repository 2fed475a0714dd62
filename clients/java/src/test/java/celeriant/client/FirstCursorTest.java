package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.json;
import static celeriant.client.RunningGateway.paint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.JdkHttp;
import celeriant.gateway.access.OrgPolicy;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A client that has never read")
@Timeout(240)
class FirstCursorTest {
    private static final AggregateId OTHER = new AggregateId("canvas", "board-2");
    private final RunningGateway running = new RunningGateway(OrgPolicy.DEMO);
    private final Celeriant writer = running.client();
    private final Reads network = new Reads();
    private final MemoryBuffer buffer = new MemoryBuffer();

    @AfterEach
    void close() {
        running.close();
    }

    /** Nothing is open yet, and nothing was asked for. */
    private Celeriant reader() {
        return running.client(builder -> builder.http(network).buffer(buffer).offline());
    }

    private void append(Event event) {
        writer.append(event).confirmed().toCompletableFuture().join();
    }

    private static Event paintOther(String color) {
        return Event.keyed(OTHER, "cell-painted", "k", json("\"" + color + "\""));
    }

    private long end() {
        return running.log.head("acme").position();
    }

    @Test
    @DisplayName("begins where the first state is of, without asking where the log ends")
    void oneRequest() throws Exception {
        append(paint("k", "red"));
        try (Celeriant client = reader()) {
            AggregateView view = client.open(BOARD);
            client.goOnline();
            client.awaitLive(SOON);
            assertEquals("\"red\"", view.register("k").text());
            assertEquals(List.of("board-1/state - -", "events %1$d %1$d".formatted(end())), network.reads);
        }
    }

    @Test
    @DisplayName("begins where the first of several states is of: what came between them is not missed")
    void severalStates() throws Exception {
        append(paint("k", "before"));
        append(paintOther("there"));
        long begin = end();
        network.beforeSecondState =
                () -> append(network.asksBoardFirst() ? paint("k", "between") : paintOther("between"));
        try (Celeriant client = reader()) {
            AggregateView one = client.open(BOARD);
            AggregateView two = client.open(OTHER);
            client.goOnline();
            client.awaitLive(SOON);
            assertEquals(
                    "\"between\"",
                    (network.asksBoardFirst() ? one : two).register("k").text());
            assertEquals(
                    List.of("events %d %d".formatted(begin, begin + 1)),
                    network.reads.subList(2, network.reads.size()));
        }
    }

    @Test
    @DisplayName("does not miss what is made while the gateway says that there is no such aggregate")
    void madeMeanwhile() throws Exception {
        append(paintOther("elsewhere"));
        network.states = answer -> {
            network.states = UnaryOperator.identity();
            append(paint("k", "made"));
            String hash = running.log.hashAt("acme", end()).orElseThrow();
            String text = new String(answer.body(), StandardCharsets.UTF_8)
                    .replaceAll("\"position\":\\d+", "\"position\":" + end())
                    .replaceAll("\"hash\":\"[^\"]*\"", "\"hash\":\"" + hash + "\"");
            return withBody(answer, text);
        };
        try (Celeriant client = reader()) {
            AggregateView view = client.open(BOARD);
            client.goOnline();
            client.awaitLive(SOON);
            assertEquals("\"made\"", view.register("k").text());
            assertEquals(3, network.reads.size(), network.reads::toString);
        }
    }

    @Test
    @DisplayName("asks where the log ends where a state does not tell where the log was")
    void stateThatDoesNotTell() throws Exception {
        append(paint("k", "red"));
        begunAtTheEnd(BOARD, "\"red\"");
    }

    @Test
    @DisplayName("asks where the log ends where the answer that there is no state does not tell")
    void absenceThatDoesNotTell() throws Exception {
        append(paint("k", "red"));
        begunAtTheEnd(OTHER, null);
    }

    private void begunAtTheEnd(AggregateId aggregate, String value) throws Exception {
        network.states = answer -> {
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            return withBody(answer, text.replaceAll(",\"(log|hash)\":\"[^\"]*\"", ""));
        };
        try (Celeriant client = reader()) {
            AggregateView view = client.open(aggregate);
            client.goOnline();
            client.awaitLive(SOON);
            RegisterValue shown = view.register("k");
            assertEquals(value, shown == null ? null : shown.text());
            String state = aggregate.id() + "/state - ";
            String at = String.valueOf(end());
            List<String> asked =
                    List.of(state + "-", "events 0 -", "events " + at + " -", state + at, "events " + at + " " + at);
            assertEquals(asked, network.reads);
        }
    }

    @Test
    @DisplayName("keeps no cursor of an aggregate that is not there before it has looked again")
    void absent() throws Exception {
        append(paintOther("elsewhere"));
        try (Celeriant client = reader()) {
            AggregateView view = client.open(BOARD);
            client.goOnline();
            client.awaitLive(SOON);
            assertNull(view.register("k"));
            String state = "board-1/state - ";
            assertEquals(List.of(state + "-", state + end(), "events %1$d %1$d".formatted(end())), network.reads);
            assertEquals(end(), buffer.contents().cursor().position());
        }
    }

    private static Http.Answer withBody(Http.Answer answer, String text) {
        return new Http.Answer(answer.status(), answer.headers(), text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The network, noting what is asked for of states and of the merged log: what, after which position, checked at.
     */
    private static final class Reads implements Http {
        private final Http real = new JdkHttp();
        private final List<String> reads = new CopyOnWriteArrayList<>();
        private volatile UnaryOperator<Answer> states = UnaryOperator.identity();
        private volatile Runnable beforeSecondState = () -> {};

        boolean asksBoardFirst() {
            return reads.get(0).startsWith(BOARD.id());
        }

        @Override
        public CompletionStage<Answer> send(Call call) {
            if (!note(call)) {
                return real.send(call);
            }
            boolean isState = call.uri().getPath().endsWith("/state");
            if (isState && reads.size() == 2) {
                beforeSecondState.run();
            }
            return real.send(call).thenApply(answer -> {
                boolean isRefused = answer.status() == 401;
                if (isRefused) {
                    reads.remove(reads.size() - 1);
                }
                return isState && !isRefused ? states.apply(answer) : answer;
            });
        }

        @Override
        public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
            note(call);
            return real.stream(call, receiver);
        }

        private boolean note(Call call) {
            if (!call.method().equals("GET")) {
                return false;
            }
            String path = call.uri().getPath().replaceFirst("/v1/acme/(canvas/)?", "");
            reads.add("%s %s %s".formatted(path, field(call, "after"), field(call, "check")));
            return true;
        }

        private static String field(Call call, String name) {
            String query = "&" + call.uri().getRawQuery();
            int at = query.indexOf("&" + name + "=");
            return at < 0 ? "-" : query.substring(at + name.length() + 2).split("&|:|%3A")[0];
        }
    }
}

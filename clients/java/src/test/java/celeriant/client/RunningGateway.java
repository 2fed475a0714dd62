package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.buffer.MemoryBuffer;
import celeriant.client.gateway.Http;
import celeriant.gateway.Gateway;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.operator.Operator;
import celeriant.log.MergedRead;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.RecordedEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A gateway over a log in memory, and the clients of one test. */
final class RunningGateway implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);
    static final AggregateId BOARD = new AggregateId("canvas", "board-1");

    final InMemoryEventLog log;
    final Gateway gateway;
    private final List<Celeriant> clients = new ArrayList<>();

    RunningGateway(OrgPolicy policy) {
        this(policy, UnaryOperator.identity());
    }

    RunningGateway(OrgPolicy policy, UnaryOperator<Gateway.Builder> settings) {
        Operator operator = Operator.local(policy);
        log = new InMemoryEventLog(Gateway.admission(operator));
        gateway = settings.apply(Gateway.builder(log).operator(operator)).start();
    }

    Celeriant client() {
        return client(UnaryOperator.identity());
    }

    Celeriant client(Http network) {
        return client(builder -> builder.http(network));
    }

    Celeriant client(UnaryOperator<ClientBuilder> settings) {
        Celeriant client = settings.apply(
                        Celeriant.to(URI.create(gateway.url()), "acme").buffer(new MemoryBuffer()))
                .start();
        clients.add(client);
        return client;
    }

    List<RecordedEvent> recorded() {
        MergedRead all = new MergedRead(0, Long.MAX_VALUE, 100_000, Integer.MAX_VALUE, Set.of(), Set.of(), Set.of());
        return log.readMerged("acme", all).events();
    }

    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it did not come to that in time");
            Thread.yield();
        }
    }

    static Event paint(String key, String color) {
        return Event.keyed(BOARD, "cell-painted", key, json("\"" + color + "\""));
    }

    static EventData json(String text) {
        return EventData.json(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(EventData data) {
        return new String(data.bytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        clients.forEach(Celeriant::close);
        gateway.close();
        log.close();
    }
}

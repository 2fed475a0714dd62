package celeriant.gateway.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.Gateway;
import celeriant.gateway.SseReader;
import celeriant.gateway.access.Principal;
import celeriant.gateway.operator.Operator;
import celeriant.gateway.operator.OperatorFile;
import celeriant.log.AppendRequest;
import celeriant.log.EventLog;
import celeriant.log.memory.InMemoryEventLog;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reader is told that it is caught up where it is, though the log grows faster than the gateway hears of it. */
@Timeout(240)
class CaughtUpTest {
    private static final AggregateId BOARD = new AggregateId("canvas", "board-1");
    private static final int BEFORE = 500;
    private static final int MEANWHILE = 3 * BEFORE;

    @TempDir
    private Path folder;

    private final AtomicBoolean grows = new AtomicBoolean(true);

    /** One append with {@link #BEFORE} events. */
    private static void append(EventLog log) {
        Event[] events = new Event[BEFORE];
        Arrays.fill(events, Event.of(BOARD, "drawn", EventData.json("1")));
        log.append(AppendRequest.of("acme", new ClientId("svc"), UUID.randomUUID(), events))
                .toCompletableFuture()
                .join();
    }

    /** Grows when the first page is read; whoever follows it hears nothing. */
    private EventLog growing(EventLog of) {
        return (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("follow")) {
                        return (EventLog.Registration) () -> {};
                    }
                    if (method.getName().equals("readMerged") && grows.getAndSet(false)) {
                        for (int i = 0; i < MEANWHILE / BEFORE; i++) {
                            append(of);
                        }
                    }
                    try {
                        return method.invoke(of, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void whoeverIsAheadOfWhatWasHeardReadsOnFirst() throws IOException, InterruptedException {
        OperatorFile file = new OperatorFile(folder);
        String key = file.createKey("acme", "ops", Principal.Scope.ADMIN, CaughtUpTest::random);
        Operator operator = new Operator(file, Optional.empty());
        try (EventLog log = new InMemoryEventLog(Gateway.admission(operator));
                Gateway gateway =
                        Gateway.builder(growing(log)).operator(operator).start();
                HttpClient client = HttpClient.newHttpClient()) {
            append(log);
            HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/acme/events"))
                    .header("Authorization", "Bearer " + key)
                    .header("Accept", "text/event-stream")
                    .build();
            try (SseReader stream = new SseReader(client.send(request, BodyHandlers.ofInputStream()))) {
                SseReader.Message message = stream.next();
                while (message.event().isEmpty()) {
                    message = stream.next();
                }
                assertEquals("caught-up", message.event());
                assertEquals(BEFORE + MEANWHILE, Long.parseLong(message.id()));
                assertTrue(message.data().contains("\"position\":" + (BEFORE + MEANWHILE)), message::data);
            }
        }
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}

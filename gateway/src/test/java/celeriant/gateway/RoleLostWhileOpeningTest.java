package celeriant.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.access.Principal;
import celeriant.gateway.operator.Operator;
import celeriant.gateway.operator.OperatorFile;
import celeriant.log.EventLog;
import celeriant.log.memory.InMemoryEventLog;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream is opened by an admin who is none any more by the time that it is open. */
@Timeout(240)
class RoleLostWhileOpeningTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(60)).build();

    @TempDir
    private Path folder;

    private final AtomicReference<Runnable> onMembersLookedUp = new AtomicReference<>();
    private EventLog log;
    private Gateway gateway;
    private String key;

    private void start() {
        OperatorFile file = new OperatorFile(folder);
        key = file.createKey("acme", "ops", Principal.Scope.ADMIN, RoleLostWhileOpeningTest::random);
        Operator operator = new Operator(file, Optional.of(OrgPolicy.LOCAL));
        log = new InMemoryEventLog(Gateway.admission(operator));
        gateway = Gateway.builder(watched(log)).operator(operator).start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        log.close();
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** Calls what waits once the log's end was looked at for the second time: the role was looked up in between. */
    private EventLog watched(EventLog of) {
        int[] heads = new int[1];
        return (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("head") && onMembersLookedUp.get() != null && ++heads[0] == 2) {
                        onMembersLookedUp.getAndSet(null).run();
                    }
                    try {
                        return method.invoke(of, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void give(TestDevice device, String role) {
        String body = "{\"members\":[{\"client\":\"" + device.client() + "\",\"role\":" + role + "}]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/acme/members"))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(body))
                .build();
        try {
            assertEquals(200, HTTP.send(request, BodyHandlers.discarding()).statusCode());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theStreamBeginsAnewAndShowsNothingThatTheRoleShowed() {
        start();
        TestDevice device = new TestDevice(gateway.url());
        give(device, "\"admin\"");
        device.nonce();
        onMembersLookedUp.set(() -> give(device, "null"));
        try (SseReader stream = new SseReader(device.open("/v1/acme/events", "Accept", "text/event-stream"))) {
            SseReader.Message message = stream.next();
            while (message.event().equals("caught-up") || message.event().equals("agreed")) {
                append();
                message = stream.next();
            }
            assertEquals("closing", message.event(), message::data);
        }
    }

    private void append() {
        TestDevice other = new TestDevice(gateway.url());
        Reply reply = other.append("/v1/acme/canvas/" + UUID.randomUUID(), 1, "{\"type\":\"drawn\",\"data\":1}");
        assertEquals(201, reply.status(), reply::toString);
    }
}

package celeriant.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.client.gateway.Credentials;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.NoAnswerException;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.Requests;
import celeriant.client.gateway.World;
import celeriant.gateway.access.OrgPolicy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Schemas")
@Timeout(240)
class SchemasTest {
    @Test
    @DisplayName("are stated once, listed and read")
    void stated() throws Exception {
        try (RunningGateway running = new RunningGateway(OrgPolicy.DEMO)) {
            Schemas schemas = running.client().schemas();
            Schemas.Name painting = new Schemas.Name("cell-painted", "1.0");
            await(schemas.put(painting, json("{\"type\":\"string\"}")));
            await(schemas.put(painting, json("{ \"type\": \"string\" }")));
            assertEquals("schema-conflict", refusal(schemas.put(painting, json("{}"))));
            assertEquals(List.of(painting), await(schemas.list()));
            assertEquals(Map.of("type", "string"), await(schemas.read(painting)));
            assertEquals("not-found", refusal(schemas.read(new Schemas.Name("cell-painted", "2.0"))));
        }
    }

    @Test
    @DisplayName("are not stated when a captive portal's page is the answer")
    void page() {
        Http portal = new Http() {
            @Override
            public CompletionStage<Answer> send(Call call) {
                return CompletableFuture.completedFuture(
                        new Answer(200, Map.of("content-type", "text/html"), json("<html>Log in</html>")));
            }

            @Override
            public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
                return send(call);
            }
        };
        Credentials key = new Credentials.ApiKey("cel_key_secret", null);
        Schemas schemas =
                new Schemas(new Requests(URI.create("http://gateway.test"), "demo", portal, World.system(), key));
        CompletionStage<Void> put = schemas.put(new Schemas.Name("cell-painted", "1.0"), json("{}"));
        ExecutionException failed = assertThrows(ExecutionException.class, () -> await(put));
        assertInstanceOf(NoAnswerException.class, failed.getCause());
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static String refusal(CompletionStage<?> stage) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> await(stage));
        return assertInstanceOf(RefusedException.class, failed.getCause())
                .refusal()
                .code();
    }
}

package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.access.Grantee;
import celeriant.client.access.Level;
import celeriant.client.access.Me;
import celeriant.client.gateway.Credentials;
import celeriant.client.gateway.Http;
import celeriant.client.gateway.Requests;
import celeriant.client.gateway.World;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.oidc.OidcIssuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A person")
@Timeout(240)
class PersonTest {
    @Test
    @DisplayName("who signs in has their rights on this device at once, and what they create is theirs on every device")
    void signsIn() throws Exception {
        try (TinyIssuer issuer = new TinyIssuer();
                RunningGateway running = new RunningGateway(
                        OrgPolicy.OPEN, of -> of.oidc(List.of(new OidcIssuer(issuer.url(), Set.of("canvas")))))) {
            AtomicReference<String> signedIn = new AtomicReference<>();
            Celeriant phone = running.client(of -> of.person(() -> CompletableFuture.completedFuture(signedIn.get())));
            assertNull(me(phone).person());
            signedIn.set(issuer.token("anna"));
            phone.signedIn();
            assertEquals(new Grantee.Person(issuer.url(), "anna"), me(phone).person());
            phone.append(paint("1", "red")).awaitConfirmed();
            assertEquals(Level.OWNER, me(phone).aggregates().get(BOARD));

            AtomicReference<String> onLaptop = new AtomicReference<>();
            Celeriant laptop = running.client(of -> of.person(() -> CompletableFuture.completedFuture(onLaptop.get())));
            AggregateView view = laptop.open(BOARD);
            until(() -> !view.isReadable());
            onLaptop.set(issuer.token("anna"));
            laptop.goOffline();
            laptop.signedIn();
            laptop.goOnline();
            until(() -> view.register("1") != null);
            onLaptop.set("not a token");
            laptop.goOffline();
            laptop.signedIn();
            laptop.goOnline();
            until(() -> laptop.status().state() == SyncState.NEEDS_AUTH);
        }
    }

    @Test
    @DisplayName("who signs in while a token is on its way is asked for another one, and the late one is of no use")
    void signsInMeanwhile() {
        List<Http.Call> asked = new ArrayList<>();
        List<CompletableFuture<Http.Answer>> answers = new ArrayList<>();
        Http network = new Http() {
            @Override
            public CompletionStage<Answer> send(Call call) {
                asked.add(call);
                answers.add(new CompletableFuture<>());
                return answers.get(answers.size() - 1);
            }

            @Override
            public CompletionStage<Answer> stream(Call call, StreamReceiver receiver) {
                throw new AssertionError("nothing is read here");
            }
        };
        AtomicReference<String> signedIn = new AtomicReference<>();
        Credentials device =
                new Credentials.Device(HandTurns.key(), () -> CompletableFuture.completedFuture(signedIn.get()));
        Requests requests = new Requests(URI.create("http://gateway.test"), "demo", network, World.system(), device);
        CompletionStage<Map<?, ?>> me = requests.call("GET", "/me", null, fields -> fields);
        signedIn.set("anna's");
        requests.forgetToken();
        answers.get(0).complete(json("{\"access_token\":\"nobody's\",\"expires_in\":600}"));
        assertTrue(new String(asked.get(1).body(), StandardCharsets.US_ASCII).contains("subject_token=anna"));
        answers.get(1).complete(json("{\"access_token\":\"hers\",\"expires_in\":600}"));
        assertEquals("DPoP hers", asked.get(2).headers().get("Authorization"));
        answers.get(2).complete(json("{}"));
        assertEquals(Map.of(), me.toCompletableFuture().join());
    }

    private static Http.Answer json(String text) {
        return new Http.Answer(
                200, Map.of("content-type", "application/json"), text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Me me(Celeriant client) throws Exception {
        return client.me().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}

package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import celeriant.client.access.Grantee;
import celeriant.client.access.Level;
import celeriant.client.access.Me;
import celeriant.gateway.access.OrgPolicy;
import celeriant.gateway.oidc.OidcIssuer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A person")
@Timeout(120)
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

    private static Me me(Celeriant client) throws Exception {
        return client.me().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}

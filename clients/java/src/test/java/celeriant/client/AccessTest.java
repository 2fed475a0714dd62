package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.SOON;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.client.access.Access;
import celeriant.client.access.Grantee;
import celeriant.client.access.Level;
import celeriant.client.access.Me;
import celeriant.client.access.Redeemed;
import celeriant.client.access.Secret;
import celeriant.client.gateway.RefusedException;
import celeriant.client.gateway.StreamMessage;
import celeriant.gateway.access.OrgPolicy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Rights and presence")
@Timeout(240)
class AccessTest {
    private final RunningGateway running = new RunningGateway(OrgPolicy.OPEN);

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    @DisplayName("are given by a share, which whoever redeems it goes on with by itself")
    void shares() throws Exception {
        Celeriant ann = running.client();
        ann.append(paint("1", "red")).awaitConfirmed();
        Secret share = get(ann.access(BOARD).share(Level.CONTRIBUTOR, null, 1));
        Celeriant ben = running.client();
        AggregateView view = ben.open(BOARD);
        until(() -> !view.isReadable());
        assertNull(view.register("1"));
        Redeemed redeemed = get(ben.redeem(share.secret()));
        assertEquals(new Redeemed(BOARD, Level.CONTRIBUTOR, null), redeemed);
        until(() -> view.register("1") != null);
        ben.append(paint("2", "blue")).awaitConfirmed();
        assertEquals(Level.CONTRIBUTOR, get(ben.me()).aggregates().get(BOARD));
        Celeriant eve = running.client();
        assertEquals("gone", refusal(eve.redeem(share.secret())));
    }

    @Test
    @DisplayName("are granted, published, revoked and withdrawn by the owner")
    void grants() throws Exception {
        Celeriant ann = running.client();
        ann.append(paint("1", "red")).awaitConfirmed();
        Celeriant ben = running.client();
        Grantee benHimself = new Grantee.Client(ben.clientId());
        AggregateAccess access = ann.access(BOARD);
        Access granted = get(access.grant(benHimself, Level.READER));
        assertEquals(
                Map.of(new Grantee.Client(ann.clientId()), Level.OWNER, benHimself, Level.READER), granted.grants());
        AggregateView view = ben.open(BOARD);
        until(() -> view.register("1") != null);
        assertEquals("access-denied", refusal(ben.access(BOARD).read()));
        assertEquals(List.of(benHimself), get(access.revoke(benHimself)).revoked());
        until(() -> !view.isReadable());
        assertEquals(Level.READER, get(access.publish(Level.READER)).everyone());
        Secret share = get(access.share(Level.READER, "2099-01-01T00:00:00Z", 0));
        assertEquals(1, get(access.read()).shares().size());
        get(access.withdraw(share.id()));
        assertEquals(List.of(), get(access.read()).shares());
    }

    @Test
    @DisplayName("are told by me")
    void me() throws Exception {
        Celeriant ann = running.client();
        Me me = get(ann.me());
        assertEquals(ann.clientId(), me.client());
        assertEquals("device", me.kind());
        assertNull(me.person());
        assertEquals("access-denied", refusal(ann.members().read()));
    }

    @Test
    @DisplayName("show who is there, and who is not any more")
    void presence() throws Exception {
        Celeriant ann = running.client();
        ann.append(paint("1", "red")).awaitConfirmed();
        BlockingQueue<StreamMessage.Presence> seen = new LinkedBlockingQueue<>();
        ann.onPresence(seen::add);
        ann.open(BOARD);
        ann.awaitLive(SOON);
        get(ann.showPresence(BOARD, "window-1", "{\"at\":3}".getBytes(), 10));
        StreamMessage.Presence here = seen.poll(60, TimeUnit.SECONDS);
        assertEquals("{\"at\":3}", new String(here.data()));
        assertEquals("window-1", here.instance());
        assertEquals(ann.clientId(), here.client());
        get(ann.showPresence(BOARD, "window-1", "null".getBytes(), 10));
        assertEquals("null", new String(seen.poll(60, TimeUnit.SECONDS).data()));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static String refusal(CompletionStage<?> stage) {
        ExecutionException failed = assertThrows(
                ExecutionException.class, () -> stage.toCompletableFuture().get(60, TimeUnit.SECONDS));
        assertTrue(failed.getCause() != null);
        return assertInstanceOf(RefusedException.class, failed.getCause())
                .refusal()
                .code();
    }
}

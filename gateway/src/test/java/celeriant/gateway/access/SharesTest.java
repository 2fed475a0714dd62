package celeriant.gateway.access;

import static celeriant.gateway.access.AccessWorld.ANN;
import static celeriant.gateway.access.AccessWorld.BEN;
import static celeriant.gateway.access.AccessWorld.BOARD;
import static celeriant.gateway.access.AccessWorld.CAT;
import static celeriant.gateway.access.AccessWorld.ORG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SharesTest {
    private final AccessWorld world = new AccessWorld();

    private Shares.Made share(long uses, Duration life) {
        world.append(ANN, BOARD);
        return world.shares.share(
                ORG,
                ANN,
                BOARD,
                new AccessBodies.ShareWish("contributor", life == null ? null : world.now.plus(life), uses));
    }

    private ErrorCode refusal(Principal principal, String secret) {
        return assertThrows(RefusedException.class, () -> world.shares.redeem(ORG, principal, secret))
                .problem()
                .code();
    }

    @Test
    void redeeming_gives_the_level_and_a_repeat_the_same_answer() {
        Shares.Made made = share(1, null);
        Map<String, Object> given = world.shares.redeem(ORG, BEN, made.secret());

        assertEquals(Map.of("aggregate", "canvas/board-1", "level", "contributor"), given);
        assertEquals(given, world.shares.redeem(ORG, BEN, made.secret()));
        assertEquals(Level.CONTRIBUTOR, world.access.level(ORG, BEN, BOARD));
        assertEquals(ErrorCode.GONE, refusal(CAT, made.secret()));
    }

    @Test
    void of_a_thousand_at_once_a_share_for_one_lets_one_in() throws Exception {
        Shares.Made made = share(1, null);
        List<Callable<Boolean>> rush = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Principal device = Principal.device(new ClientId(String.format("%043d", i)));
            rush.add(() -> {
                try {
                    world.shares.redeem(ORG, device, made.secret());
                    return true;
                } catch (RefusedException e) {
                    assertEquals(ErrorCode.GONE, e.problem().code());
                    return false;
                }
            });
        }
        int won = 0;
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> one : many.invokeAll(rush)) {
                won += one.get() ? 1 : 0;
            }
        }
        assertEquals(1, won);
    }

    @Test
    void a_lapsed_share_is_gone_and_a_withdrawn_or_unknown_one_was_never_there() {
        Shares.Made made = share(0, Duration.ofMinutes(5));
        world.now = world.now.plus(Duration.ofMinutes(5));
        assertEquals(ErrorCode.GONE, refusal(BEN, made.secret()));

        world.shares.withdraw(ORG, ANN, BOARD, made.id());
        assertEquals(ErrorCode.NOT_FOUND, refusal(BEN, made.secret()));
        assertEquals(ErrorCode.NOT_FOUND, refusal(BEN, "guess"));
    }

    @Test
    void a_share_that_nobody_could_redeem_is_not_made() {
        for (Duration ago : List.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofDays(3_650))) {
            RefusedException refused = assertThrows(RefusedException.class, () -> share(0, ago.negated()));
            assertEquals(ErrorCode.BAD_REQUEST, refused.problem().code());
            assertEquals(
                    "expires has passed: here it is 2026-11-24T12:00:00Z.",
                    refused.problem().detail());
        }
        Shares.Made made = share(0, Duration.ofMillis(1));
        assertEquals(
                "canvas/board-1", world.shares.redeem(ORG, BEN, made.secret()).get("aggregate"));
    }

    @Test
    void withdrawing_leaves_the_rights_that_it_gave() {
        Shares.Made made = share(0, null);
        world.shares.redeem(ORG, BEN, made.secret());
        world.shares.withdraw(ORG, ANN, BOARD, made.id());

        assertEquals(Level.CONTRIBUTOR, world.access.level(ORG, BEN, BOARD));
    }

    @Test
    void a_share_never_lowers_a_level_and_does_not_lift_a_revocation() {
        Shares.Made made = share(0, null);
        world.shares.redeem(ORG, ANN, made.secret());
        assertEquals(Level.OWNER, world.access.level(ORG, ANN, BOARD));

        world.access.revoke(ORG, ANN, BOARD, new Grantee.Client(BEN.client()));
        assertEquals(ErrorCode.ACCESS_DENIED, refusal(BEN, made.secret()));
        assertNull(world.access.level(ORG, BEN, BOARD));
    }

    @Test
    void an_invitation_makes_a_member() {
        world.policy = OrgPolicy.MEMBERS;
        Principal admin = Principal.backend(new ClientId("svc.ops"), Principal.Scope.ADMIN, "k1");
        Shares.Made made = world.shares.invite(ORG, admin, new AccessBodies.ShareWish("member", null, 0));

        assertEquals(Map.of("role", "member"), world.shares.redeem(ORG, BEN, made.secret()));
        assertEquals(true, world.access.mayCreate(ORG, BEN));
    }

    @Test
    void the_secret_is_kept_nowhere() {
        Shares.Made made = share(0, null);

        boolean kept = world.log.types(ORG).stream()
                .flatMap(type -> world.log.aggregates(ORG, type, "", 100).stream())
                .flatMap(summary ->
                        world.log.state(ORG, summary.aggregate()).orElseThrow().registers().values().stream())
                .anyMatch(register -> new String(register.data().bytes()).contains(made.secret()));
        assertFalse(kept);
    }
}

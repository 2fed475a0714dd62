package celeriant.gateway.access;

import static celeriant.gateway.access.AccessWorld.ANN;
import static celeriant.gateway.access.AccessWorld.BEN;
import static celeriant.gateway.access.AccessWorld.BOARD;
import static celeriant.gateway.access.AccessWorld.CAT;
import static celeriant.gateway.access.AccessWorld.ORG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.model.AggregateId;
import celeriant.model.AppendResult.Appended;
import celeriant.model.AppendResult.Rejected;
import celeriant.model.ClientId;
import celeriant.model.ErrorCode;
import celeriant.model.ExpectedVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessControlTest {
    private final AccessWorld world = new AccessWorld();

    private void assertDenied(Principal principal) {
        Rejected rejected = assertInstanceOf(Rejected.class, world.append(principal, BOARD));
        assertEquals(ErrorCode.ACCESS_DENIED, rejected.problem().code());
        assertEquals("/events/0/aggregate", rejected.problem().fields().get("pointer"));
    }

    private static ErrorCode refusal(Runnable change) {
        return assertThrows(RefusedException.class, change::run).problem().code();
    }

    @Test
    void who_creates_an_aggregate_owns_it_in_the_same_append() {
        Appended created = assertInstanceOf(Appended.class, world.append(ANN, BOARD));

        assertEquals(1, created.lastPosition(), "the system's event is not covered by the answer");
        assertEquals(Level.OWNER, world.access.level(ORG, ANN, BOARD));
        assertNull(world.access.level(ORG, BEN, BOARD));
        assertDenied(BEN);
    }

    @Test
    void a_grant_lets_append_and_taking_it_away_stops_it() {
        world.append(ANN, BOARD);
        world.grant(ANN, BEN, "contributor");
        assertInstanceOf(Appended.class, world.append(BEN, BOARD));

        world.grant(ANN, BEN, "reader");
        assertDenied(BEN);
        world.grant(ANN, BEN, null);
        assertNull(world.access.level(ORG, BEN, BOARD));
    }

    @Test
    void public_lets_every_device_in_until_it_is_taken_back() {
        world.append(ANN, BOARD);
        world.patch(ANN, "{\"public\":\"contributor\"}");
        assertInstanceOf(Appended.class, world.append(CAT, BOARD));

        world.patch(ANN, "{\"public\":null}");
        assertDenied(CAT);
    }

    @Test
    void a_revocation_outranks_public_and_grants_until_a_new_grant() {
        world.append(ANN, BOARD);
        world.patch(ANN, "{\"public\":\"contributor\"}");
        world.grant(ANN, BEN, "contributor");
        world.access.revoke(ORG, ANN, BOARD, new Grantee.Client(BEN.client()));
        assertDenied(BEN);
        assertInstanceOf(Appended.class, world.append(CAT, BOARD));

        world.grant(ANN, BEN, "contributor");
        assertInstanceOf(Appended.class, world.append(BEN, BOARD));
    }

    @Test
    void taking_away_what_somebody_has_not_does_not_lift_a_revocation() {
        world.append(ANN, BOARD);
        world.patch(ANN, "{\"public\":\"contributor\"}");
        world.access.revoke(ORG, ANN, BOARD, new Grantee.Client(BEN.client()));
        world.grant(ANN, BEN, null);
        assertDenied(BEN);
    }

    @Test
    void the_last_owner_cannot_go() {
        world.append(ANN, BOARD);

        assertEquals(ErrorCode.BAD_REQUEST, refusal(() -> world.grant(ANN, ANN, null)));
        assertEquals(
                ErrorCode.BAD_REQUEST,
                refusal(() -> world.access.revoke(ORG, ANN, BOARD, new Grantee.Client(ANN.client()))));
        world.grant(ANN, BEN, "owner");
        world.grant(ANN, ANN, "reader");
        assertEquals(Level.READER, world.access.level(ORG, ANN, BOARD));
    }

    @Test
    void what_one_may_not_see_does_not_exist_and_what_one_may_see_is_denied() {
        world.append(ANN, BOARD);
        assertEquals(ErrorCode.NOT_FOUND, refusal(() -> world.grant(BEN, BEN, "owner")));

        world.grant(ANN, BEN, "contributor");
        assertEquals(ErrorCode.ACCESS_DENIED, refusal(() -> world.grant(BEN, BEN, "owner")));
    }

    @Test
    void where_admission_is_for_members_others_create_nothing() {
        world.policy = OrgPolicy.MEMBERS;
        assertDenied(BEN);

        Principal admin = Principal.backend(new ClientId("svc.ops"), Principal.Scope.ADMIN, "k1");
        world.access.patchMembers(
                ORG,
                admin,
                Map.of(new Grantee.Client(BEN.client()), java.util.Optional.of(Role.MEMBER)),
                new ExpectedVersion.Any());
        assertInstanceOf(Appended.class, world.append(BEN, BOARD));
    }

    @Test
    void an_api_key_may_what_its_scope_says_with_every_aggregate() {
        world.append(ANN, BOARD);
        Principal appends = Principal.backend(new ClientId("svc.billing"), Principal.Scope.APPEND, "k1");

        assertInstanceOf(Appended.class, world.append(appends, BOARD));
        assertEquals(ErrorCode.ACCESS_DENIED, refusal(() -> world.grant(appends, BEN, "reader")));
    }

    @Test
    void access_may_be_set_before_the_first_event_and_makes_the_caller_the_owner() {
        world.grant(ANN, BEN, "contributor");

        assertEquals(Level.OWNER, world.access.level(ORG, ANN, BOARD));
        assertInstanceOf(Appended.class, world.append(BEN, BOARD));
        assertDenied(CAT);
    }

    /** One after the other in the log, whoever asked first: the one that lost its right in between does nothing. */
    @Test
    void a_trim_or_delete_or_snapshot_behind_the_revocation_in_the_log_is_refused() {
        world.append(ANN, BOARD);
        world.grant(ANN, BEN, "owner");
        assertEquals("stored", world.publish(BEN));
        assertEquals("stored", world.publish(BEN));
        world.grant(ANN, BEN, "contributor");
        assertEquals("version-conflict", world.publish(BEN));
        assertEquals("access-denied", world.trim(BEN));
        assertEquals("access-denied", world.delete(BEN));
        world.grant(ANN, BEN, "reader");
        assertEquals("access-denied", world.publish(BEN));
        world.grant(ANN, BEN, null);
        assertEquals("not-found", world.publish(BEN));
        assertEquals("not-found", world.trim(BEN));
        assertEquals("discarded", world.trim(ANN));
        assertEquals("discarded", world.delete(ANN));
    }

    @Test
    void an_expected_version_of_an_aggregate_that_one_may_not_read_is_denied() {
        world.append(ANN, BOARD);
        AggregateId own = new AggregateId("canvas", "mine");

        Rejected rejected =
                assertInstanceOf(Rejected.class, world.append(BEN, own, Map.of(BOARD, new ExpectedVersion.Exactly(1))));
        assertEquals("/expected", rejected.problem().fields().get("pointer"));
    }

    @Test
    void who_may_not_create_is_not_told_whether_it_exists() {
        world.append(ANN, BOARD);
        world.policy = OrgPolicy.MEMBERS;
        AggregateId none = new AggregateId("canvas", "none");
        assertEquals(denial(BOARD), denial(none).replace(none.toString(), BOARD.toString()));
        assertEquals(refusedAccess(BOARD), refusedAccess(none).replace(none.toString(), BOARD.toString()));
    }

    private String refusedAccess(AggregateId aggregate) {
        AccessBodies.AccessPatch patch =
                AccessBodies.accessPatch("{\"public\":\"reader\"}".getBytes(StandardCharsets.UTF_8));
        return assertThrows(
                        RefusedException.class,
                        () -> world.access.patch(ORG, BEN, aggregate, patch, new ExpectedVersion.Any()))
                .problem()
                .toString();
    }

    private String denial(AggregateId aggregate) {
        return assertInstanceOf(Rejected.class, world.append(BEN, aggregate))
                .problem()
                .toString();
    }

    /** Else the answer would tell whether it exists. */
    @Test
    void who_may_not_create_may_expect_nothing_of_what_does_not_exist_either() {
        AggregateId own = new AggregateId("canvas", "mine");
        world.append(BEN, own);
        world.policy = OrgPolicy.MEMBERS;
        for (AggregateId other : new AggregateId[] {BOARD, new AggregateId("canvas", "none")}) {
            Rejected rejected =
                    assertInstanceOf(Rejected.class, world.append(BEN, own, Map.of(other, new ExpectedVersion.None())));
            assertEquals("/expected", rejected.problem().fields().get("pointer"));
        }
    }
}

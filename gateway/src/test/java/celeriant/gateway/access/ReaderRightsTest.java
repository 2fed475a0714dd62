package celeriant.gateway.access;

import static celeriant.gateway.access.AccessWorld.ANN;
import static celeriant.gateway.access.AccessWorld.BEN;
import static celeriant.gateway.access.AccessWorld.BOARD;
import static celeriant.gateway.access.AccessWorld.ORG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import celeriant.gateway.read.EventFilter;
import celeriant.gateway.read.ReaderView;
import celeriant.gateway.read.VisiblePage;
import celeriant.log.MergedRead;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReaderRightsTest {
    private final AccessWorld world = new AccessWorld();

    /** What {@code reader} sees of the whole log: positions of visible events, and changes as words. */
    private List<String> seen(Principal reader) {
        ReaderRights rights = new ReaderRights(world.log, ORG, reader);
        MergedRead all = new MergedRead(
                0, Long.MAX_VALUE, 1_000, 1 << 20, Set.of(), Set.of("canvas", "$access.canvas"), Set.of());
        List<String> seen = new ArrayList<>();
        for (RecordedEvent recorded : world.log.readMerged(ORG, all).events()) {
            switch (rights.sight(recorded)) {
                case ReaderRights.Sight.Visible visible -> seen.add("event " + recorded.position());
                case ReaderRights.Sight.Hidden hidden -> {}
                case ReaderRights.Sight.RightChanged changed ->
                    seen.add((changed.level() == null
                                    ? "revoked"
                                    : changed.level().word()) + " " + recorded.position());
            }
        }
        return seen;
    }

    @Test
    void the_creator_sees_its_aggregate_from_the_first_event_on() {
        world.append(ANN, BOARD);
        world.append(ANN, BOARD);

        assertEquals(List.of("event 1", "event 3"), seen(ANN));
        assertEquals(List.of(), seen(BEN));
    }

    @Test
    void a_grant_is_told_in_its_place_and_shows_what_comes_behind_it() {
        world.append(ANN, BOARD);
        world.grant(ANN, BEN, "reader");
        world.append(ANN, BOARD);

        assertEquals(List.of("reader 3", "event 4"), seen(BEN));
    }

    @Test
    void who_lost_the_right_while_away_learns_that_and_nothing_else() {
        world.append(ANN, BOARD);
        world.grant(ANN, BEN, "reader");
        world.append(ANN, BOARD);
        world.access.revoke(ORG, ANN, BOARD, new Grantee.Client(BEN.client()));
        world.append(ANN, BOARD);

        assertEquals(List.of("reader 3", "revoked 5"), seen(BEN));
    }

    @Test
    void what_is_taken_away_while_one_catches_up_is_not_shown_from_the_next_page_on() {
        for (int i = 0; i < 4; i++) {
            world.append(ANN, BOARD);
        }
        world.patch(ANN, "{\"public\":\"reader\"}");
        for (int i = 0; i < 4; i++) {
            world.append(ANN, BOARD);
        }
        ReaderView view =
                new ReaderView(world.log, world.access, ORG, BEN, new EventFilter(Set.of(), Set.of(), Set.of()));
        MergedRead two = new MergedRead(6, Long.MAX_VALUE, 2, 1 << 20, Set.of(), Set.of(), Set.of());
        VisiblePage first = view.page(two);
        assertEquals(2, first.events().size());
        world.patch(ANN, "{\"public\":null}");
        assertEquals(List.of(), view.page(two.from(first.covered())).events());
    }

    @Test
    void a_right_that_came_back_shows_from_then_on_and_not_a_part_of_what_was_before() {
        world.append(ANN, BOARD);
        world.grant(ANN, BEN, "reader");
        world.append(ANN, BOARD);
        world.grant(ANN, BEN, null);
        world.append(ANN, BOARD);
        world.grant(ANN, BEN, "contributor");
        world.append(ANN, BOARD);

        assertEquals(List.of("reader 3", "revoked 5", "contributor 7", "event 8"), seen(BEN));
    }

    @Test
    void what_was_left_out_while_a_right_was_away_is_not_gone_on_with_when_it_came_back() {
        world.append(ANN, BOARD);
        world.grant(ANN, BEN, "reader");
        world.append(ANN, BOARD);
        world.append(ANN, BOARD);
        ReaderView view =
                new ReaderView(world.log, world.access, ORG, BEN, new EventFilter(Set.of(), Set.of(), Set.of()));
        MergedRead one = new MergedRead(3, Long.MAX_VALUE, 1, 1 << 20, Set.of(), Set.of(), Set.of());
        long revokedAt = world.log.head(ORG).position() + 1;
        world.grant(ANN, BEN, null);
        world.append(ANN, BOARD);
        MergedRead behindFirst = new MergedRead(3, 4, 1, 1 << 20, Set.of(), Set.of(), Set.of());
        assertEquals(List.of(), view.page(behindFirst).events(), "the right is away");
        world.grant(ANN, BEN, "reader");
        world.append(ANN, BOARD);

        VisiblePage page = view.page(one.from(4));
        assertEquals(
                List.of(9L), page.events().stream().map(RecordedEvent::position).toList(), "not 5 without 4");
        assertEquals(revokedAt, page.rights().getFirst().position());
    }

    @Test
    void a_key_that_asks_for_accesses_too_sees_what_it_sees_without() {
        Principal key = Principal.backend(new ClientId("svc.ops"), Principal.Scope.READ, "k1");
        world.append(ANN, BOARD);
        world.patch(ANN, "{\"public\":\"reader\"}");
        world.append(ANN, BOARD);
        world.patch(ANN, "{\"public\":null}");
        world.append(ANN, BOARD);
        EventFilter filter = new EventFilter(Set.of(), Set.of("canvas", "$access.canvas"), Set.of());
        ReaderView view = new ReaderView(world.log, world.access, ORG, key, filter);
        VisiblePage page =
                view.page(new MergedRead(0, Long.MAX_VALUE, 100, 1 << 20, Set.of(), filter.types(), Set.of()));

        assertEquals(
                List.of(1L, 4L, 6L),
                page.events().stream()
                        .filter(recorded -> !recorded.event().aggregate().isSystem())
                        .map(RecordedEvent::position)
                        .toList());
        assertEquals(List.of(), page.rights());
    }

    @Test
    void what_a_key_created_shows_only_from_the_grant_on() {
        Principal key = Principal.backend(new ClientId("svc.ops"), Principal.Scope.ADMIN, "k1");
        world.append(key, BOARD);
        world.append(key, new AggregateId("canvas", "other"));
        world.grant(key, BEN, "reader");
        world.append(key, BOARD);

        assertEquals(List.of("reader 3", "event 4"), seen(BEN));
        assertTrue(new ReaderRights(world.log, ORG, key).seesEverything());
        assertFalse(new ReaderRights(world.log, ORG, BEN).seesEverything());
    }
}

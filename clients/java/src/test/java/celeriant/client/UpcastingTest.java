package celeriant.client;

import static celeriant.client.RunningGateway.BOARD;
import static celeriant.client.RunningGateway.json;
import static celeriant.client.RunningGateway.paint;
import static celeriant.client.RunningGateway.text;
import static celeriant.client.RunningGateway.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import celeriant.client.buffer.MemoryBuffer;
import celeriant.gateway.access.OrgPolicy;
import celeriant.model.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Old events")
@Timeout(240)
class UpcastingTest {
    private static final Upcaster TO_2 = Upcaster.of(
            "cell-painted", event -> as(event, "cell-painted", "2.0", "{\"c\":" + text(event.data()) + "}"));
    private static final Upcaster TO_3 =
            new Upcaster("cell-painted", "2.0", event -> as(event, "painted", "3.0", "[" + text(event.data()) + "]"));

    private final RunningGateway running = new RunningGateway(OrgPolicy.DEMO);

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    @DisplayName("of the log are shown in their newest form: registers, events and projections")
    void newestForm() throws Exception {
        running.client().append(paint("1", "red")).awaitConfirmed();
        Celeriant ann = running.client(of -> of.upcasters(TO_2, TO_3));
        AggregateView view = ann.open(BOARD);
        Projected<List<String>> projected = view.project(new Texts());
        EventSubscriber events = new EventSubscriber();
        view.events(0).subscribe(events);
        until(() -> view.register("1") != null && projected.value().size() == 1 && events.seen.size() == 1);
        assertEquals("[{\"c\":\"red\"}]", view.register("1").text());
        assertEquals("painted", view.register("1").type());
        assertEquals(List.of("[{\"c\":\"red\"}]"), projected.value());
        assertEquals("3.0", events.seen.get(0).event().typeVersion());
        assertEquals("\"red\"", text(running.recorded().get(0).event().data()));
    }

    @Test
    @DisplayName("that an older version of the application left in the buffer are shown in their newest form")
    void buffered() throws Exception {
        MemoryBuffer buffer = new MemoryBuffer();
        Celeriant before = running.client(of -> of.buffer(buffer).offline());
        before.append(paint("1", "red")).awaitLocal();
        before.close();
        Celeriant after = running.client(of -> of.buffer(buffer).offline().upcasters(TO_2));
        AggregateView view = after.open(BOARD);
        assertEquals("{\"c\":\"red\"}", view.register("1").text());
        assertEquals("{\"c\":\"red\"}", text(view.pending().get(0).data()));
    }

    @Test
    @DisplayName("that cannot be brought up, or that break a projection, are set aside and told of; the rest goes on")
    void quarantined() throws Exception {
        Upcaster breaks = Upcaster.of("broken", event -> {
            throw new IllegalStateException("no form that is known");
        });
        Celeriant ann = running.client(of -> of.upcasters(breaks));
        BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
        ann.onNotice(notices::add);
        AggregateView view = ann.open(BOARD);
        Projected<List<String>> projected = view.project(new Texts());
        ann.append(Event.keyed(BOARD, "broken", "1", json("1")), paint("2", "bad"), paint("3", "good"))
                .awaitConfirmed();
        until(() -> projected.version() == 3);
        assertEquals(List.of("\"good\""), projected.value());
        assertEquals(Set.of(1L, 2L), view.quarantined().keySet());
        assertEquals(
                "java.lang.IllegalStateException: no form that is known",
                view.register("1").unreadable());
        Notice.SetAside told = assertInstanceOf(Notice.SetAside.class, notices.poll(60, TimeUnit.SECONDS));
        assertEquals(Map.of(1L, told.reason()), Map.of(told.version(), told.reason()));
    }

    @Test
    @DisplayName("have one upcaster for each form, and it must not lead round in a circle")
    void forms() throws Exception {
        assertThrows(IllegalArgumentException.class, () -> running.client(of -> of.upcasters(TO_2, TO_2)));
        Upcaster round = Upcaster.of("cell-painted", event -> event);
        Celeriant ann = running.client(of -> of.upcasters(round));
        AggregateView view = ann.open(BOARD);
        ann.append(paint("1", "red")).awaitLocal();
        assertEquals(
                "java.lang.IllegalStateException: upcasters go round in a circle at cell-painted null",
                view.register("1").unreadable());
    }

    private static Event as(Event of, String type, String version, String data) {
        return new Event(of.id(), of.aggregate(), type, version, of.key(), json(data), of.time(), null);
    }

    private static final class Texts implements LiveProjection<List<String>> {
        @Override
        public List<String> initial() {
            return List.of();
        }

        @Override
        public List<String> apply(List<String> state, SeenEvent event) {
            if (text(event.event().data()).contains("bad")) {
                throw new IllegalArgumentException("bad");
            }
            List<String> longer = new ArrayList<>(state);
            longer.add(text(event.event().data()));
            return longer;
        }
    }
}

package celeriant.gateway.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import celeriant.gateway.http.Loop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** So many at once, the others in the order they came, each on its loop. */
class TurnsTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Loop loop = new Loop(channel.eventLoop(), 0);
    private final Turns turns = new Turns(2);
    private final List<String> begun = new ArrayList<>();

    @Test
    void soManyAtOnceAndTheOthersInTheirOrder() {
        for (String name : List.of("a", "b", "c", "d")) {
            turns.take(loop, () -> begun.add(name));
        }
        assertEquals(List.of("a", "b"), begun);
        turns.giveBack();
        assertEquals(List.of("a", "b"), begun, "the next begins on its loop, not on that of another");
        channel.runPendingTasks();
        assertEquals(List.of("a", "b", "c"), begun);
        turns.giveBack();
        turns.giveBack();
        turns.giveBack();
        channel.runPendingTasks();
        assertEquals(List.of("a", "b", "c", "d"), begun);
        turns.take(loop, () -> begun.add("e"));
        assertEquals(List.of("a", "b", "c", "d", "e"), begun);
    }
}

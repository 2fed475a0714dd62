package celeriant.client;

import static celeriant.client.RunningGateway.json;
import static celeriant.client.RunningGateway.until;

import celeriant.client.buffer.LocalBuffer;
import celeriant.gateway.access.OrgPolicy;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The memory of a client")
@Timeout(240)
class MemoryTest {
    private final RunningGateway world = new RunningGateway(OrgPolicy.OPEN);
    private final List<WeakReference<?>> closed = new ArrayList<>();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @DisplayName("keeps nothing of aggregates that were closed, however many were open")
    void bounded() throws Exception {
        Celeriant client = world.client();
        client.open(new AggregateId("canvas", "stays"));
        useMany(client, 0, 20);
        int few = held(client);
        useMany(client, 20, 120);
        // The client's own thread may still have to let go of the last ones.
        until(() -> held(client) <= few + 10);
        until(() -> {
            System.gc();
            // Whoever read last may still have the last one at hand.
            return closed.subList(0, closed.size() - 2).stream().allMatch(reference -> reference.get() == null);
        });
    }

    private void useMany(Celeriant client, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            AggregateId name = new AggregateId("canvas", "board-" + i);
            AggregateView view = client.open(name);
            AppendHandle handle = client.append(Event.keyed(name, "cell-painted", "k", json("1")));
            // Now and then it is closed before it has read back what was appended.
            handle.awaitConfirmed();
            if (i % 3 > 0) {
                until(() -> view.version() == 1);
            }
            closed.add(new WeakReference<>(view));
            closed.add(new WeakReference<>(handle));
            view.close();
        }
        long last = client.append(Event.keyed(new AggregateId("canvas", "stays"), "cell-painted", "k", json("1")))
                .awaitConfirmed()
                .lastPosition();
        until(() -> client.status().localPosition() >= last);
    }

    /** Counted again if its own thread changed something meanwhile. */
    private static int held(Object from) {
        while (true) {
            try {
                return count(from);
            } catch (ConcurrentModificationException | IndexOutOfBoundsException changed) {
                Thread.yield();
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** How much all collections hold that are reached from there, those of the store, which is no memory, left out. */
    private static int count(Object from) throws IllegalAccessException {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> ways = new ArrayDeque<>(List.of(from));
        int count = 0;
        while (!ways.isEmpty()) {
            Object next = ways.pop();
            if (next instanceof LocalBuffer || !seen.add(next)) {
                continue;
            }
            List<Object> further = new ArrayList<>();
            if (next instanceof Map<?, ?> map) {
                count += map.size();
                further.addAll(map.keySet());
                further.addAll(map.values());
            } else if (next instanceof Collection<?> items) {
                count += items.size();
                further.addAll(items);
            } else if (next.getClass().getName().startsWith("celeriant.client.")) {
                further.addAll(fields(next));
            }
            further.stream().filter(one -> one != null).forEach(ways::push);
        }
        return count;
    }

    private static List<Object> fields(Object of) throws IllegalAccessException {
        List<Object> values = new ArrayList<>();
        for (Class<?> type = of.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            if (!type.getName().startsWith("celeriant.client.") || type.isHidden()) {
                continue;
            }
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    field.setAccessible(true);
                    values.add(field.get(of));
                }
            }
        }
        return values;
    }
}

package celeriant.simulation;

import celeriant.client.AggregateView;
import celeriant.client.AppendHandle;
import celeriant.client.Celeriant;
import celeriant.client.Projected;
import celeriant.client.RegisterValue;
import celeriant.client.Status;
import celeriant.client.SyncState;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** The world comes to rest: everything works again, and then everybody must show the same, with nothing lost. */
final class Rest {
    private static final long REST_MAX_MILLIS = 20 * 60_000;
    private static final long LOOK_MILLIS = 500;

    private final World world;
    private final List<AggregateId> aggregates;

    Rest(World world, List<AggregateId> aggregates) {
        this.world = world;
        this.aggregates = aggregates;
    }

    void come() {
        world.weather(Weather.fair());
        world.server().start();
        for (Device device : world.devices()) {
            device.cutOff(false);
            device.lockOut(false);
            if (device.runs()) {
                device.buffer().isFull = false;
                device.buffer().crashIn = -1;
            } else {
                device.start();
            }
            Celeriant client = device.client();
            client.goOnline();
            client.networkIsBack();
            client.authorized();
            for (AggregateId aggregate : aggregates) {
                if (!device.views().containsKey(aggregate)) {
                    device.open(aggregate);
                }
            }
        }
        long end = world.schedule().millis() + REST_MAX_MILLIS;
        String unrest = unrest();
        while (unrest != null) {
            Violation.unless(world.schedule().millis() < end, "the world comes to rest:", unrest);
            world.server().start();
            world.devices().forEach(device -> device.client().authorized());
            world.schedule().runTo(world.schedule().millis() + LOOK_MILLIS, () -> {});
            unrest = unrest();
        }
    }

    private String unrest() {
        for (Device device : world.devices()) {
            Status status = device.client().status();
            if (status.pending() > 0 || status.state() != SyncState.LIVE) {
                return device + " " + status;
            }
            for (Map.Entry<AggregateId, AggregateView> view : device.views().entrySet()) {
                String what = difference(device, view.getKey(), view.getValue());
                if (what != null) {
                    return device + " " + view.getKey() + " " + what;
                }
            }
        }
        Stream<String> owed = world.devices().stream().map(this::owed);
        Map<Device, Set<UUID>> listed = new HashMap<>();
        world.devices()
                .forEach(
                        device -> listed.put(device, Laws.listed(device.buffer().contents())));
        Stream<String> misplaced = world.laws().entries().values().stream()
                .map(entry -> misplaced(entry, listed.get(entry.device).contains(entry.id)));
        return Stream.concat(owed, misplaced)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** How a view differs from the log; null if it does not. */
    private String difference(Device device, AggregateId aggregate, AggregateView view) {
        History history = world.laws().history();
        boolean visible = world.server().level(device.clientId(), aggregate) != null;
        long version = history.of(aggregate).size();
        TreeMap<String, Long> shown = new TreeMap<>();
        for (Map.Entry<String, RegisterValue> one : view.registers().entrySet()) {
            shown.put(one.getKey(), one.getValue().version());
        }
        TreeMap<String, Long> due = visible ? history.registers(aggregate, version) : new TreeMap<>();
        if (!shown.equals(due)) {
            return "shows " + shown + " and not " + due;
        }
        boolean current = view.version() == version || !visible || !history.exists(aggregate);
        return current ? null : "is at " + view.version() + " and not at " + version;
    }

    /** What the application waits for, or must find; null if there is nothing more. */
    private String owed(Device device) {
        for (AppendHandle handle : device.handles()) {
            if (!handle.confirmed().toCompletableFuture().isDone()) {
                return device + " has not answered " + handle.id();
            }
        }
        for (Map.Entry<AggregateId, Projected<List<Long>>> one :
                device.projections().entrySet()) {
            String what = differs(device, one.getKey(), one.getValue().value());
            if (what != null) {
                return what;
            }
        }
        return null;
    }

    /** A projection has the events that the log still has, may have what was trimmed, and has nothing else. */
    private String differs(Device device, AggregateId aggregate, List<Long> numbers) {
        if (device.wasKeptOut(aggregate)) {
            return null;
        }
        History history = world.laws().history();
        List<Long> all = numbers(aggregate, 0);
        List<Long> left = numbers(aggregate, history.firstVersion(aggregate));
        boolean same = numbers.containsAll(left) && isPartOf(all, numbers);
        return same ? null : device + " folds " + aggregate + " to " + numbers + " and not to " + all;
    }

    private List<Long> numbers(AggregateId aggregate, long fromVersion) {
        return world.laws().history().of(aggregate).stream()
                .filter(recorded -> recorded.version() >= fromVersion)
                .map(RecordedEvent::event)
                .map(event -> Numbers.numberIn(event.data().bytes()))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether some of all stand in the same order. */
    private static boolean isPartOf(List<Long> all, List<Long> some) {
        Iterator<Long> rest = all.iterator();
        return some.stream().allMatch(one -> {
            while (rest.hasNext()) {
                if (rest.next().equals(one)) {
                    return true;
                }
            }
            return false;
        });
    }

    /** An acknowledged append is in the log once or in its device's rejected list; others are nowhere twice. */
    private String misplaced(Entry entry, boolean isListed) {
        int places = world.laws().timesRecorded(entry.id) + (isListed ? 1 : 0);
        boolean isDue = entry.acknowledged && !entry.takenBack;
        boolean isRight = places == 1 || places == 0 && !isDue || places > 1 && entry.shared;
        return isRight ? null : entry.id + " of " + entry.device + " is in " + places + " places";
    }
}

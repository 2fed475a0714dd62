package celeriant.simulation;

import celeriant.client.AggregateView;
import celeriant.client.AppendHandle;
import celeriant.client.Celeriant;
import celeriant.client.RegisterValue;
import celeriant.client.Status;
import celeriant.client.SyncState;
import celeriant.model.AggregateId;
import celeriant.model.RecordedEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

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
        look();
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
        return null;
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

    private void look() {
        for (Device device : world.devices()) {
            for (AppendHandle handle : device.handles()) {
                Violation.unless(
                        handle.confirmed().toCompletableFuture().isDone(), "every handle is answered:", handle.id());
            }
            device.projections().forEach((aggregate, projected) -> projected(device, aggregate, projected.value()));
        }
        world.laws().entries().values().forEach(this::settled);
    }

    /** A projection has the events of the log, and nothing else. */
    private void projected(Device device, AggregateId aggregate, List<Long> numbers) {
        if (device.wasKeptOut(aggregate)) {
            return;
        }
        List<Long> all = world.laws().history().of(aggregate).stream()
                .map(RecordedEvent::event)
                .map(event -> Numbers.numberIn(event.data().bytes()))
                .filter(number -> number != null)
                .toList();
        boolean same = world.laws().history().wasTrimmed(aggregate) ? all.containsAll(numbers) : all.equals(numbers);
        Violation.unless(same, "a projection is the fold of the log:", device, aggregate, numbers, all);
    }

    private void settled(Entry entry) {
        int times = world.laws().timesRecorded(entry.id);
        Set<UUID> listed = Laws.listed(entry.device.buffer().contents());
        int places = times + (listed.contains(entry.id) ? 1 : 0);
        if (entry.acknowledged && !entry.takenBack) {
            Violation.unless(
                    places == 1 || places > 1 && entry.shared,
                    "nothing is lost or doubled:",
                    entry.id,
                    entry.device,
                    times,
                    listed.size());
        } else {
            Violation.unless(places <= 1 || entry.shared, "nothing is doubled:", entry.id, entry.device);
        }
    }
}

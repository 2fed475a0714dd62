package celeriant.simulation;

import celeriant.client.buffer.RejectedAppend;
import celeriant.model.AggregateId;
import celeriant.model.ClientId;
import celeriant.model.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What happens in a world, by chance, until the weather clears. */
final class Story {
    static final int AGGREGATES_MAX = 4;

    private static final int[] CROWDS = {2, 2, 2, 2, 3, 3, 3, 4, 4, 5};

    private final World world;
    private final Chance chance;
    private final List<AggregateId> aggregates = new ArrayList<>();
    private final Set<Device> copied = new HashSet<>();
    private boolean logWasRestored;
    private boolean identitiesForked;

    Story(World world) {
        this.world = world;
        this.chance = world.chance();
        for (int i = 1 + chance.below(AGGREGATES_MAX); i > 0; i--) {
            aggregates.add(aggregate(i));
        }
    }

    static AggregateId aggregate(int number) {
        return new AggregateId("a", "n" + number);
    }

    List<AggregateId> aggregates() {
        return aggregates;
    }

    void run() {
        int crowd = chance.below(200) == 0
                ? 20 + chance.below(31)
                : chance.percent(5) ? 6 + chance.below(7) : CROWDS[chance.below(CROWDS.length)];
        for (int i = 0; i < crowd; i++) {
            Device device = world.add(new Device(world, "device" + i, new Profile()));
            device.start();
            if (device.runs()) {
                device.open(chance.of(aggregates));
            }
        }
        world.weather(chance.percent(70) ? Weather.foul(chance) : Weather.fair());
        int happenings = 12 + chance.below(28) + crowd;
        for (int i = 0; i < happenings; i++) {
            long pause = chance.percent(70) ? chance.between(0, 400) : chance.between(0, 8_000);
            world.schedule().runTo(world.schedule().millis() + pause, () -> {});
            happen(chance.of(world.devices()));
        }
    }

    private void happen(Device device) {
        int what = chance.below(100);
        world.trace(device, "meets", what);
        if (what < 45) {
            ifRuns(device, this::append);
        } else if (what < 55) {
            ifRuns(device, this::look);
        } else if (what < 72) {
            trouble(device, chance.below(10));
        } else if (what < 80) {
            ifRuns(device, this::rejected);
        } else if (what < 90) {
            serverSide(chance.below(10), device);
        } else if (what < 94) {
            world.weather(chance.percent(60) ? Weather.foul(chance) : Weather.fair());
        } else if (what < 97) {
            copies(device);
        } else {
            ifRuns(device, one -> {
                if (chance.percent(50)) {
                    one.guarded(one.client()::goOffline);
                } else {
                    one.guarded(one.client()::goOnline);
                }
            });
        }
    }

    private static void ifRuns(Device device, java.util.function.Consumer<Device> what) {
        if (device.runs()) {
            what.accept(device);
        } else {
            device.start();
        }
    }

    private void append(Device device) {
        for (int n = chance.percent(20) ? 1 + chance.below(8) : 1; n > 0 && device.runs(); n--) {
            List<Event> events = new ArrayList<>();
            for (int i = chance.percent(75) ? 1 : 2 + chance.below(2); i > 0; i--) {
                events.add(world.event(chance.of(aggregates)));
            }
            device.append(events);
        }
    }

    private void look(Device device) {
        AggregateId aggregate = chance.of(aggregates);
        if (!device.views().containsKey(aggregate)) {
            device.open(aggregate);
        } else if (!device.projections().containsKey(aggregate)) {
            device.project(aggregate);
        } else {
            device.close(aggregate);
        }
    }

    private void trouble(Device device, int kind) {
        switch (kind) {
            case 0, 1 -> device.cutOff(!device.isCutOff());
            case 2 -> device.crash();
            case 3 -> ifRuns(device, one -> one.buffer().crashIn = chance.below(6));
            case 4 -> ifRuns(device, one -> one.buffer().isFull = !one.buffer().isFull);
            case 5 -> device.lockOut(!device.isLockedOut());
            case 6 ->
                ifRuns(device, one -> {
                    one.lockOut(false);
                    one.guarded(one.client()::authorized);
                });
            case 7 -> ifRuns(device, one -> one.guarded(one.client()::networkIsBack));
            case 8 -> ifRuns(device, Device::stop);
            default -> device.start();
        }
    }

    private void rejected(Device device) {
        List<RejectedAppend> rejected = device.client().rejected();
        if (rejected.isEmpty()) {
            append(device);
            return;
        }
        RejectedAppend one = chance.of(rejected);
        Entry entry = world.laws().entries().get(one.id());
        if (entry == null || entry.takenBack || one.events().isEmpty()) {
            return;
        }
        if (chance.percent(50)) {
            device.retry(one);
        } else {
            device.discard(one);
        }
    }

    private void serverSide(int kind, Device device) {
        AggregateId aggregate = chance.of(aggregates);
        long version = world.laws().history().of(aggregate).size();
        ClientId client = device.clientId();
        switch (kind) {
            case 0 -> world.server().kill();
            case 1, 2 -> world.server().start();
            case 3 -> world.server().stop();
            case 4, 5 -> {
                if (client != null && version > 0) {
                    keepOut(client, aggregate);
                }
            }
            case 6 -> {
                if (client != null && version > 0) {
                    world.server().grant(client, aggregate);
                }
            }
            case 7 -> world.server().trim(aggregate, 1 + chance.below((int) version + 1));
            case 8 -> {
                if (chance.percent(40)) {
                    world.server().delete(aggregate);
                } else {
                    world.server().snapshot(aggregate, Math.max(1, version));
                }
            }
            default -> restoreLog();
        }
    }

    private void keepOut(ClientId client, AggregateId aggregate) {
        world.devices().stream().filter(one -> client.equals(one.clientId())).forEach(one -> one.keepOut(aggregate));
        world.server().revoke(client, aggregate);
    }

    /**
     * The server is put back to an old backup; once, since a second loss may take what the first one's healing made,
     * and not while a device has read what it knows no hash of yet (decision 0060).
     */
    private void restoreLog() {
        if (logWasRestored || identitiesForked || !chance.percent(60)) {
            return;
        }
        int place = world.server().place()
                - chance.below(Math.min(12, world.server().place() + 1));
        long position = world.server().positionAt(place);
        if (world.devices().stream().anyMatch(device -> device.isUnsureBehind(position))) {
            return;
        }
        logWasRestored = true;
        world.trace("log", "goes back", place);
        world.server().restore(place);
    }

    /** Two devices with one identity, or one that forgot what it had done. */
    private void copies(Device device) {
        if (logWasRestored || device.profile().place() == 0 || !copied.add(device)) {
            return;
        }
        identitiesForked = true;
        if (chance.percent(50)) {
            Device copy = world.add(device.copy(device + "'"));
            copied.add(copy);
            Set<java.util.UUID> shared = Laws.ids(device.profile().contents().pending());
            shared.addAll(Laws.listed(device.profile().contents()));
            world.laws().entries().values().stream()
                    .filter(entry -> shared.contains(entry.id))
                    .forEach(entry -> entry.shared = true);
            copy.start();
        } else {
            Predicate<Integer> any = back -> back > 0;
            int back = chance.below(8);
            if (any.test(back)) {
                device.putBack(Math.max(1, device.profile().place() - back));
            }
        }
    }
}

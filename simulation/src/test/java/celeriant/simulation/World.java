package celeriant.simulation;

import celeriant.client.gateway.Http;
import celeriant.model.AggregateId;
import celeriant.model.Event;
import celeriant.model.EventData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Everything of one seed. {@link PlantedBug}s override what they break; nothing here knows of them. */
class World {
    /** A push with an event of this type is refused by somebody on the way, as a whole. */
    static final String POISON = "poison";

    private static final boolean TRACE = Boolean.getBoolean("simulation.trace");
    private static final byte[] POISON_TEXT = "\"type\":\"poison\"".getBytes(StandardCharsets.US_ASCII);

    private final Chance chance;
    private final Schedule schedule = new Schedule();
    private final Laws laws = new Laws((what, about) -> trace("log", what, about));
    private final Keys keys = new Keys();
    private final List<Device> devices = new ArrayList<>();
    private final Server server;
    private Weather weather = Weather.fair();
    private long lastNumber;

    World(long seed) {
        this(seed, BrokenLogs::sound);
    }

    World(long seed, Function<World, WitnessedLog> logs) {
        chance = new Chance(seed);
        server = new Server(schedule, chance, logs.apply(this));
    }

    /** With {@code -Dsimulation.trace=true} a world tells what happens in it. */
    void trace(Object who, String what, Object... about) {
        if (TRACE) {
            System.out.println(schedule.millis() + " " + who + " " + what + " " + Arrays.toString(about));
        }
    }

    SimulatedBuffer buffer(Profile profile, Device device) {
        return new SimulatedBuffer(profile, laws, device);
    }

    Line line(Device device) {
        return new Line(this, device);
    }

    /** An answer on its way to a device. */
    Http.Answer onTheWay(Http.Answer answer) {
        return answer;
    }

    /** Bytes of a stream on their way to a device. */
    byte[] onTheStream(byte[] bytes) {
        return bytes;
    }

    final Chance chance() {
        return chance;
    }

    final Schedule schedule() {
        return schedule;
    }

    final Laws laws() {
        return laws;
    }

    final Keys keys() {
        return keys;
    }

    final Server server() {
        return server;
    }

    final List<Device> devices() {
        return devices;
    }

    final Weather weather() {
        return weather;
    }

    final void weather(Weather now) {
        weather = now;
    }

    /** A device that does not run yet. */
    final Device add(Device device) {
        devices.add(device);
        return device;
    }

    /** The answer of somebody between the device and the gateway; null when it gets through. */
    final Http.Answer insteadOfGateway(Device device, Http.Call call) {
        if (device.isLockedOut()) {
            return problem(403, "access-denied");
        }
        byte[] body = call.body();
        boolean isPush = body != null && call.uri().getPath().endsWith("/appends");
        return isPush && contains(body, POISON_TEXT) ? problem(413, "too-large") : null;
    }

    private static Http.Answer problem(int status, String code) {
        String text = "{\"type\":\"/problems/" + code + "\",\"title\":\"" + code + "\",\"status\":" + status
                + ",\"detail\":\"no\",\"code\":\"" + code + "\",\"done\":\"nothing\"}";
        return new Http.Answer(
                status, Map.of("content-type", "application/problem+json"), text.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int i = 0; i + part.length <= text.length; i++) {
            int same = 0;
            while (same < part.length && text[i + same] == part[same]) {
                same++;
            }
            if (same == part.length) {
                return true;
            }
        }
        return false;
    }

    /** The disk of a device was put back: what it does not hold any more is no promise any more. */
    final void forgive(Device device) {
        if (device.profile().place() == 0) {
            laws.entries().values().stream()
                    .filter(entry -> entry.device == device)
                    .forEach(World::forgiven);
            return;
        }
        var contents = device.profile().contents();
        var here = Laws.ids(contents.pending());
        here.addAll(Laws.listed(contents));
        device.profile().read().loadKept(0).forEach(kept -> here.add(kept.id()));
        laws.entries().values().stream()
                .filter(entry -> entry.device == device && !here.contains(entry.id))
                .forEach(World::forgiven);
    }

    private static void forgiven(Entry entry) {
        entry.acknowledged = false;
        entry.takenBack = true;
        entry.forgotten = true;
    }

    /** One event of an application: its data is a number that no other has, or null, which clears a register. */
    final Event event(AggregateId aggregate) {
        int kind = chance.below(100);
        String type = kind < 4 ? Server.FORBIDDEN : kind < 6 ? POISON : "t";
        if (kind > 80) {
            return Event.of(aggregate, type, number());
        }
        boolean clears = kind > 75;
        String key = "k" + chance.below(5);
        return Event.keyed(aggregate, type, key, clears ? json("null") : number());
    }

    private EventData number() {
        return json(Long.toString(++lastNumber));
    }

    private static EventData json(String text) {
        return EventData.json(text.getBytes(StandardCharsets.US_ASCII));
    }
}

package celeriant.wire;

import celeriant.model.AggregateId;
import celeriant.model.Append;
import celeriant.model.Encryption;
import celeriant.model.Event;
import celeriant.model.EventData;
import celeriant.model.ExpectedVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/** Well-formed appends from a seed, with every optional field now there, now not. */
final class RandomAppends {
    private static final String[] JSON = {"null", "0", "-1.50e+400", "\"\u00e9\\u0000\"", "[]", "{\"a\":[1,{}],\"a\":2}"
    };

    private RandomAppends() {}

    static List<Append> next(SplittableRandom random) {
        List<Append> appends = new ArrayList<>();
        for (int n = random.nextInt(4); n >= 0; n--) {
            Map<AggregateId, ExpectedVersion> expected = new HashMap<>();
            for (int m = random.nextInt(3); m > 0; m--) {
                expected.put(aggregate(random), ExpectedVersion.of(random.nextLong(1L << 53)));
            }
            List<Event> events = new ArrayList<>();
            for (int m = random.nextInt(4); m >= 0; m--) {
                events.add(event(random));
            }
            appends.add(Append.online(uuid(random), events, expected));
        }
        return appends;
    }

    private static Event event(SplittableRandom random) {
        return new Event(
                random.nextBoolean() ? uuid(random) : null,
                aggregate(random),
                "type-" + random.nextInt(5),
                random.nextBoolean() ? "1." + random.nextInt(5) : null,
                random.nextBoolean() ? "k\"\\\u00e9\ud83d\ude00" + random.nextInt(5) : null,
                data(random),
                random.nextBoolean() ? "2026-01-31T08:15:0" + random.nextInt(10) + "Z" : null,
                random.nextBoolean() ? new Encryption("A256GCM", "k\u00e9", "AAAA") : null);
    }

    private static EventData data(SplittableRandom random) {
        String contentType = random.nextBoolean() ? "application/x; a=\"b\"" : null;
        if (random.nextBoolean()) {
            byte[] bytes = new byte[random.nextInt(10)];
            random.nextBytes(bytes);
            return new EventData(EventData.Form.BINARY, bytes, contentType);
        }
        byte[] json = JSON[random.nextInt(JSON.length)].getBytes(StandardCharsets.UTF_8);
        return new EventData(EventData.Form.JSON, json, contentType);
    }

    private static AggregateId aggregate(SplittableRandom random) {
        return new AggregateId("t" + random.nextInt(2), "id-" + random.nextInt(3));
    }

    private static UUID uuid(SplittableRandom random) {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
